// What stands in place of the form while it loads and when it cannot be shown.

const TEXTS = {
  loading: "Loading the form…",
  network_error: "The form could not be loaded. Check your connection and try again.",
  origin_not_allowed: "This site is not allowed to show the form.",
  webassembly_unavailable: "This browser does not let the form run here. Try another browser.",
  other: "The form is not available at the moment.",
  retry: "Try again",
};

/** The quiet state until the form is there. */
export function showLoading(box) {
  const notice = element("p", "loading", TEXTS.loading);
  notice.setAttribute("role", "status");
  box.append(notice);
}

/** Says why there is no form, in the visitor's words, and returns the button that tries again. */
export function showFailure(box, failure, onRetry) {
  const text = element("p", "failure", TEXTS[failure.code] ?? TEXTS.other);
  text.setAttribute("role", "alert");
  const retry = element("button", "retry", TEXTS.retry);
  retry.type = "button";
  retry.addEventListener("click", onRetry);
  box.append(text, retry);
  return retry;
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
