// What stands in place of the form while it loads and when it cannot be shown.

import { make } from "./node.js";

// Failures of which there is more to say than that there is no form.
const TEXTS = { network_error: "unreachable", origin_not_allowed: "not_allowed" };

// Most forms are there before anyone has read that they are not.
const SILENT_MS = 400;

/** The quiet state until the form is there. */
export function showLoading(box, texts) {
  const status = make("p", "loading", { role: "status" });
  setTimeout(() => (status.textContent = texts.loading), SILENT_MS);
  box.replaceChildren(status);
}

/** Says why there is no form, in the visitor's words, and returns the button that tries again. */
export function showFailure(box, texts, failure, onRetry) {
  const text = texts[TEXTS[failure.code] ?? "unavailable"];
  const retry = make("button", "retry", { type: "button" }, texts.retry);
  retry.addEventListener("click", onRetry);
  box.replaceChildren(make("p", "failure", { role: "alert" }, text), retry);
  return retry;
}
