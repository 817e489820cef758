// The Worker as the platform meets it: whatever becomes of the WebAssembly, a request gets an answer.
//
// A panic is a trap. It ends the instance with everything that was under way in it, and leaves promises
// that nobody will settle; the next request gets a new instance from the glue. So a trap is told here
// to every request of the isolate, and each answers what src/problem.rs answers to a fault of ours.
// A stack that overflows is a RangeError and leaves the instance in the same state, but the glue does not
// know it: here it is told that it needs a new one.

import { WorkerEntrypoint } from "cloudflare:workers";
import Worker from "./index.js";

/** What ends each request that is under way. */
const underWay = new Set();

const isTrap = (error) => {
  if (error instanceof RangeError) globalThis.__worker_init_state.criticalError = true;
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
};

// A trap in work that a request only waits for reaches nobody else.
for (const [event, errorOf] of [["error", (e) => e.error], ["unhandledrejection", (e) => e.reason]]) {
  addEventListener(event, (e) => {
    if (isTrap(errorOf(e))) for (const end of underWay) end();
  });
}

/** The answer, and the line in the log that goes with it. */
function fault(request) {
  const requestId = crypto.randomUUID();
  console.error(JSON.stringify({ event: "fault", doing: "answering", cause: "a panic", request_id: requestId }));
  const problem = {
    type: "/docs/errors#internal",
    title: "Something went wrong here",
    status: 500,
    detail: "Send the request again; if it fails again, tell the operator the request_id.",
    code: "internal",
    request_id: requestId,
  };
  const headers = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "X-Request-Id",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "content-type": "application/problem+json",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
  return new Response(request.method === "HEAD" ? null : JSON.stringify(problem), { status: 500, headers });
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    let end;
    const ended = new Promise((_, reject) => (end = reject));
    underWay.add(end);
    try {
      return await Promise.race([new Worker(this.ctx, this.env).fetch(request), ended]);
    } catch (error) {
      isTrap(error);
      return fault(request);
    } finally {
      underWay.delete(end);
    }
  }

  queue(batch) {
    return new Worker(this.ctx, this.env).queue(batch);
  }

  scheduled(event) {
    return new Worker(this.ctx, this.env).scheduled(event);
  }
}
