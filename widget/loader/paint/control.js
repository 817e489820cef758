// The control of a field, by its kind.

import { make } from "../node.js";

// The type of an input, and the keyboard it asks for.
const INPUTS = {
  email: ["email", "email"],
  tel: ["tel", "tel"],
  number: ["number", "decimal"],
  date: ["date"],
};

/** A control that is one element: an input, a text area or a list. `state` are its ARIA attributes. */
export function paintControl(field, id, state, texts) {
  const { name, kind, options } = field;
  const known = {
    id,
    name,
    ...state,
    placeholder: field.placeholder,
    autocomplete: field.autocomplete,
  };
  if (kind === "textarea") return make("textarea", "control", known);
  if (kind === "select") {
    const offered = (value, label) => make("option", "", { value }, label);
    return make("select", "control", known, offered("", texts.choose), ...options.map((o) => offered(o.value, o.label)));
  }
  const [type, inputmode] = INPUTS[kind] ?? ["text"];
  return make("input", "control", { ...known, type, inputmode, enterkeyhint: "send", step: kind === "number" && "any" });
}

/** The buttons of a choice. */
export function paintRadios(field, id, required) {
  return field.options.map(({ value, label }, index) => {
    const own = `${id}-${index + 1}`;
    const input = make("input", "", { id: own, name: field.name, type: "radio", value, required });
    return choice(input, make("label", "label", { for: own }, label));
  });
}

/** A box or button and its words. */
export function choice(input, label) {
  return make("div", "choice", {}, input, label);
}
