// What the attributes of a tag or element ask for: the one place that knows their names. `data-key`,
// `data-target` and `data-locale` are read where they matter.

import { webAddress } from "./web_address.js";

// Parameters of the page's address that fill a field: `?lg_email=…`.
const PARAMETER = "lg_";
const ATTRIBUTE = "data-prefill-";

/** How long the visitor's way is remembered: `session` unless the page says otherwise. */
export function memoryOf(host) {
  return host.dataset.attribution || "session";
}

/** Where the page wants to go after a lead was accepted. */
export function redirectOf(host) {
  return webAddress(host.dataset.redirect);
}

/**
 * First values by field name. The address of the page wins over attributes, as the more particular.
 * Attribute names have neither capitals nor, by custom, underscores: `data-prefill-first-name` fills
 * `first_name`, and so does `lg_first_name`.
 */
export function prefillOf(host) {
  const values = new Map();
  const put = (name, prefix, value) => name.startsWith(prefix) && values.set(plain(name.slice(prefix.length)), value);
  for (const { name, value } of host.attributes) put(name, ATTRIBUTE, value);
  for (const [name, value] of new URLSearchParams(location.search)) put(name, PARAMETER, value);
  return (field) => values.get(plain(field));
}

function plain(name) {
  return name.toLowerCase().replace(/[-\s]/g, "_");
}
