// The form as the visitor sees it first: painted from its definition, before any WebAssembly, as plain HTML that
// posts by itself.

import { make } from "./node.js";
import { paintConsent } from "./paint/consent.js";
import { paintField } from "./paint/field.js";
import { paintSteps } from "./paint/steps.js";

/**
 * The nodes of a form, and of what takes its place once it is sent. `action` is where it posts, `extras` what
 * goes with every submission of it, by the names that the API takes, `prefill` gives hidden fields their values.
 */
export function paint(definition, texts, { action, extras, prefill }) {
  const { fields, consent } = definition;
  const hidden = fields
    .filter(({ kind }) => kind === "hidden")
    .map(({ name }) => [name, prefill(name)])
    .concat(flat(extras))
    .map(([name, value]) => make("input", "", { type: "hidden", name, value }));
  const shown = [];
  fields.forEach((field, index) => {
    if (field.kind === "hidden") return;
    shown.push([field.step, paintField(field, index, texts, isOptional(field, fields))]);
  });
  const form = make(
    "form",
    "form",
    // The WebAssembly says what is wrong in its own way; until it is known not to come, the browser stays silent.
    { method: "post", action, "accept-charset": "utf-8", novalidate: true, "aria-label": definition.name },
    make("div", "summary", { hidden: true }, make("p", "", {}, texts.summary), make("ul", "", {})),
    ...hidden,
    paintTrap(),
    ...paintSteps(shown, paintConsent(consent, fields.length, texts), texts),
    make("p", "status", { role: "status" }),
  );
  const keys = form.querySelectorAll("input[enterkeyhint]");
  keys[keys.length - 1]?.setAttribute("enterkeyhint", "send");
  return { form, sent: paintSent(definition, texts) };
}

function paintSent({ success }, texts) {
  return make(
    "div",
    "sent",
    { tabindex: "-1", hidden: true },
    make("p", "", { role: "status" }, success.message || texts.sent),
    make("button", "another", { type: "button" }, texts.another),
  );
}

// What people do not see and programs fill; the Worker takes it as one sign among others.
function paintTrap() {
  const input = make("input", "", { name: "_lg_trap", type: "text", tabindex: "-1", autocomplete: "off" });
  return make("div", "trap", { "aria-hidden": "true" }, input);
}

// Whether a field may stay empty whatever else is filled. Where neither contact is required by itself, one of them
// is, so neither may be called optional.
function isOptional(field, fields) {
  const isContact = ({ name }) => name === "email" || name === "phone";
  return !field.required && (!isContact(field) || fields.some((other) => isContact(other) && other.required));
}

/** Names and texts of an object's members; those of objects inside have names with dots. */
function flat(members, prefix = "") {
  return Object.entries(members).flatMap(([name, value]) => {
    if (value == null) return [];
    return typeof value === "object" ? flat(value, `${prefix}${name}.`) : [[prefix + name, String(value)]];
  });
}
