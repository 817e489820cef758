// The form's definition: fetched once for each key, however many forms a page has, and made whole.

import { Failure } from "./failure.js";

// Long enough for a slow phone, short enough that nobody waits at a dead form for ever.
const TIMEOUT_MS = 15_000;

const definitions = new Map();

/** The public definition of the key's form. Rejects with a `Failure`; a failed one is fetched anew. */
export function loadDefinition(home, key) {
  if (!definitions.has(key)) {
    const definition = fetchDefinition(home, key);
    definition.catch(() => definitions.delete(key));
    definitions.set(key, definition);
  }
  return definitions.get(key);
}

async function fetchDefinition(home, key) {
  if (!key) throw new Failure("invalid_key", "no key");
  // A key in the query keeps this a simple request: no preflight before the form can show. Its address and its
  // credentials mode are those of a preload link with `crossorigin`, which the page may have.
  const address = new URL(`/v1/form?key=${encodeURIComponent(key)}`, home);
  let answer, body;
  try {
    answer = await fetch(address, { signal: AbortSignal.timeout?.(TIMEOUT_MS) });
    body = await answer.json();
  } catch (error) {
    throw new Failure(answer ? `http_${answer.status}` : "network_error", `${address.origin}: ${error}`);
  }
  if (!answer.ok) throw new Failure(body.code ?? `http_${answer.status}`, body.detail ?? body.title);
  return whole(body);
}

// What is missing or of another type has a default, so that a newer or an older Worker does not break the form.
function whole(body) {
  if (!Array.isArray(body?.fields)) throw new Failure("internal", "no form definition");
  return {
    ...body,
    name: text(body.name),
    locale: text(body.locale),
    fields: body.fields.filter(isObject).map((field) => ({
      ...field,
      name: text(field.name),
      label: text(field.label),
      required: field.required === true,
      step: Number(field.step) || 1,
      options: list(field.options).map(({ value, label }) => ({ value: text(value), label: text(label) })),
    })),
    consent: isObject(body.consent) ? body.consent : {},
    success: isObject(body.success) ? body.success : {},
  };
}

function list(value) {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

function text(value) {
  return typeof value === "string" ? value : "";
}
