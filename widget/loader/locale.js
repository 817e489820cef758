// In which language a form is shown.

import english from "../messages/en.json";

/** The language for a form that `host` shows. */
export function pickLocale(host, definition) {
  return definition.locale || "en";
}

/** The widget's own texts in that language. */
export async function messagesFor(locale) {
  return english;
}

/** The definition with its texts in that language. */
export function localise(definition, locale) {
  return definition;
}
