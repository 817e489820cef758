// The language a form speaks: which one it is, the widget's own texts in it, and the form's own.

import english from "leadgate-english";

// English comes with the script; `*` in the address of the others stands for the language.
const LANGUAGES = LEADGATE_LANGUAGES;

// A few words are not worth a longer wait: after it the form speaks English.
const TIMEOUT_MS = 5_000;

const loaded = new Map();

/**
 * The language of the form in `host`: what its `data-locale` asks for, else that of the page, else
 * the form's. A language counts if the widget or the form speaks it; `de-AT` is served by `de`.
 * Without a `definition`, what is known before it has arrived: `null` if that is nothing.
 */
export function pickLocale(host, definition) {
  const known = ["en", ...LANGUAGES, ...Object.keys(definition?.translations ?? {})];
  if (definition?.locale) known.unshift(definition.locale);
  const asked = lookup(host.dataset.locale, known) ?? lookup(document.documentElement.lang, known);
  return asked ?? (definition ? definition.locale || "en" : null);
}

/** `rtl` or `ltr`, for `dir`. */
export function directionOf(locale) {
  return /^(ar|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i.test(locale) ? "rtl" : "ltr";
}

/** The widget's own texts in that language: a flat object, English where there are no others. Never rejects. */
export async function messagesFor(home, locale) {
  const language = lookup(locale, LANGUAGES);
  if (!language) return english;
  if (!loaded.has(language)) loaded.set(language, fetchTexts(new URL(LEADGATE_MESSAGES.replace("*", language), home)));
  try {
    return await loaded.get(language);
  } catch (error) {
    loaded.delete(language);
    console.warn(`leadgate: no texts in ${language}: ${error}`);
    return english;
  }
}

/**
 * The definition with its texts in that language, which becomes its `locale`; what has no translation stays. `messages` are
 * the widget's own, which know the words of a form whose owner gave it none.
 */
export function localise(definition, locale, messages) {
  const texts = translationOf(definition, locale);
  const { consent } = definition;
  const own = (words) => messages["=" + words] ?? words;
  return {
    ...definition,
    locale,
    submit: texts.submit ?? definition.submit,
    consent: { ...consent, text: own(consent.text), ...given(texts.consent) },
    success: { ...definition.success, ...given(texts.success) },
    fields: definition.fields.map((field) => localiseField(field, texts.fields?.[field.name], own)),
  };
}

function localiseField(field, texts, own) {
  const options = field.options.map((option) => ({ ...option, label: texts?.options?.[option.value] ?? option.label }));
  return { ...field, label: own(field.label), ...given(texts), options };
}

async function fetchTexts(address) {
  const answer = await fetch(address, { credentials: "omit", signal: AbortSignal.timeout?.(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function translationOf(definition, locale) {
  const translations = definition.translations ?? {};
  const known = Object.keys(translations);
  const language = (tag) => String(tag).split("-")[0].toLowerCase();
  if (locale === definition.locale) return {};
  // `pt-BR` is better for `pt` than a form in another language.
  const related = () => known.find((tag) => language(tag) === language(locale));
  const isRelated = language(definition.locale) === language(locale);
  return translations[lookup(locale, known) ?? (isRelated ? undefined : related())] ?? {};
}

/** The members that hold a text. */
function given(texts) {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([, text]) => typeof text === "string"));
}

/** The entry of `known` that serves a BCP 47 tag: the tag itself, or else with less and less behind it. */
function lookup(tag, known) {
  for (let part = tag?.trim().replaceAll("_", "-").toLowerCase(); part; part = part.replace(/-?[^-]*$/, "")) {
    const found = known.find((name) => name.toLowerCase() === part);
    if (found) return found;
  }
}
