// In which language a form is shown.

import english from "../messages/en.json";

/** The language for a form that `host` shows; `null` while that depends on a definition that has not come. */
export function pickLocale(host, definition) {
  return definition ? definition.locale || "en" : null;
}

/** `rtl` or `ltr`, for `dir`. */
export function directionOf(locale) {
  return "ltr";
}

/** The widget's own texts in that language. */
export async function messagesFor(home, locale) {
  return english;
}

/** The definition with its texts in that language. */
export function localise(definition, locale) {
  return definition;
}
