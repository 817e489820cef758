// The form's definition: fetched once for each key, however many forms a page has.

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
  if (!key) throw new Failure("invalid_key", "the form has no key attribute");
  // A key in the query keeps this a simple request: no preflight before the form can show.
  const address = new URL(`/v1/form?key=${encodeURIComponent(key)}`, home);
  let answer, body;
  try {
    answer = await fetch(address, { credentials: "omit", signal: AbortSignal.timeout?.(TIMEOUT_MS) });
    body = await answer.json();
  } catch (error) {
    throw new Failure(answer ? `http_${answer.status}` : "network_error", `${address.origin}: ${error}`);
  }
  if (!answer.ok) throw new Failure(body.code ?? `http_${answer.status}`, body.detail ?? body.title);
  return body;
}
