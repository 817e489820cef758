// The Worker behind a header that says where it traps.
import { trapAt } from "./trapping.js";
import Worker from "./entry.js";

export default class extends Worker {
  fetch(request) {
    const count = Number(request.headers.get("x-trap"));
    if (count) trapAt(count, request.headers.get("x-trap-by"));
    return super.fetch(request);
  }
}
