// What a visitor does with a painted form before the WebAssembly has come.

/**
 * Holds back a submission and notes which fields were left and when consent was given, until `release` says what
 * happened: `{ left, pressed, consentAt }`.
 */
export function holdEarly(form, onSubmit) {
  const left = new Set();
  const listening = new AbortController();
  let pressed = false;
  let consentAt;
  const on = (type, handler) => form.addEventListener(type, handler, { signal: listening.signal });
  on("focusout", ({ target }) => {
    const field = target.closest("[data-field]");
    // As in `visitor.rs`: buttons and boxes are left by a click on their own labels.
    if (field && !/radio|checkbox/.test(target.type)) left.add(Number(field.dataset.field));
  });
  on("change", ({ target }) => {
    if (target.name === "consent.given") consentAt = target.checked ? new Date().toISOString() : undefined;
  });
  on("submit", (event) => {
    event.preventDefault();
    pressed = true;
    onSubmit();
  });
  return () => {
    listening.abort();
    return { left: [...left], pressed, consentAt };
  };
}
