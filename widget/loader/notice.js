// What stands in place of the form while it loads and when it cannot be shown.

import { make } from "./node.js";

/** The quiet state until the form is there. */
export function showLoading(box, texts) {
  box.replaceChildren(make("p", "loading", { role: "status" }, texts.loading));
}

/** Says why there is no form, in the visitor's words, and returns the button that tries again. */
export function showFailure(box, texts, failure, onRetry) {
  const text = failure.code === "network_error" ? texts.unreachable : texts.unavailable;
  const retry = make("button", "retry", { type: "button" }, texts.retry);
  retry.addEventListener("click", onRetry);
  box.replaceChildren(make("p", "failure", { role: "alert" }, text), retry);
  return retry;
}
