// The parts of a form that only show once it is live. They come with the WebAssembly, which shows them.

import { make } from "./node.js";

/** Adds the list of errors to a painted form, and beside it what takes its place once it is sent. */
export function addUnseen(box, { success }, texts) {
  const summary = make("div", "summary", { hidden: true }, make("p", "", {}, texts.summary), make("ul", "", {}));
  box.querySelector(".form").prepend(summary);
  const sent = make(
    "div",
    "sent",
    { tabindex: "-1", hidden: true },
    make("p", "", { role: "status" }, success.message || texts.sent),
    make("button", "another", { type: "button" }, texts.another),
  );
  box.append(sent);
}
