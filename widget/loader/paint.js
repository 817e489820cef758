// The form as the visitor sees it first: painted from its definition, before any WebAssembly, as plain HTML that
// posts by itself.

import { make } from "./node.js";
import { paintConsent } from "./paint/consent.js";
import { paintField } from "./paint/field.js";
import { paintSteps } from "./paint/steps.js";

/**
 * A form. `action` is where it posts, `extras` what goes with every submission of it, `prefill` gives hidden fields their
 * values.
 */
export function paint(definition, texts, { action, extras, prefill }) {
  const { fields, consent } = definition;
  const hidden = fields.filter(({ kind }) => kind === "hidden").map(({ name }) => hiddenInput([name, prefill(name)]));
  const shown = [];
  const either = eitherContact(fields);
  fields.forEach((field, index) => {
    if (field.kind === "hidden") return;
    // Said at the second of them, where there is no help of its own.
    const help = field.help || (either[1] === field && texts.either_contact);
    const isOptional = !field.required && !either.includes(field);
    shown.push([field.step, paintField({ ...field, help }, index, texts, isOptional)]);
  });
  const challenge = definition.turnstile_site_key
    ? [make("slot", "turnstile", { name: "turnstile" }), make("input", "", { type: "hidden", name: "cf-turnstile-response" })]
    : [];
  return make(
    "form",
    "form",
    // The WebAssembly says what is wrong in its own way; until it is known not to come, the browser stays silent.
    { method: "post", action, "accept-charset": "utf-8", novalidate: true, "aria-label": definition.name },
    ...hidden,
    ...hiddenInputs(extras),
    paintTrap(),
    ...paintSteps(shown, [...paintConsent(consent, fields.length, texts), ...challenge], texts, definition.submit),
    make("p", "status", { role: "status" }),
  );
}

// What people do not see and programs fill; the Worker takes it as one sign among others.
function paintTrap() {
  const input = make("input", "control", { name: "_lg_trap", type: "text", tabindex: "-1", autocomplete: "off" });
  return make("div", "trap", { "aria-hidden": "true" }, input);
}

// The contacts of which one must be given: where neither is required by itself, neither may be called optional.
function eitherContact(fields) {
  const contacts = fields.filter(({ name, kind }) => (name === "email" || name === "phone") && kind !== "hidden");
  return contacts.some(({ required }) => required) ? [] : contacts;
}

/** Inputs for an object's members, by the names that the API takes. */
export function hiddenInputs(members) {
  return flat(members).map(hiddenInput);
}

function hiddenInput([name, value]) {
  return make("input", "", { type: "hidden", name, value });
}

/** Names and texts of an object's members; those of objects inside have names with dots. */
function flat(members, prefix = "") {
  return Object.entries(members).flatMap(([name, value]) => {
    if (value == null) return [];
    return typeof value === "object" ? flat(value, `${prefix}${name}.`) : [[prefix + name, String(value)]];
  });
}
