// One field: its label, control, help, and the line for what is wrong with it.

import { make } from "../node.js";
import { choice, paintControl, paintRadios } from "./control.js";

/** The field at `index` of the form, which is how the WebAssembly names it. `isOptional` says whether to say so. */
export function paintField(field, index, texts, isOptional) {
  const { kind, help } = field;
  // An id cannot be referred to when it holds spaces, and a name can hold them.
  const id = field.name.replace(/\s/g, "-");
  const error = `${id}-error`;
  const state = {
    "aria-describedby": help ? `${id}-help ${error}` : error,
    "aria-required": field.required && "true",
  };
  // What may stay hidden must not keep the browser from posting the form by itself.
  const required = field.required && !field.show_when;
  const words = isOptional ? [field.label, " ", make("span", "optional", {}, texts.optional)] : [field.label];
  const label = () => make("label", "label", { for: id }, ...words);
  const notes = [
    ...(help ? [make("p", "help", { id: `${id}-help` }, help)] : []),
    make("p", "error", { id: error, "aria-live": "polite" }),
  ];
  const own = { "data-field": index, hidden: Boolean(field.show_when) };
  if (kind === "radio") {
    const legend = make("legend", "label", {}, ...words);
    const radios = paintRadios(field, id, required);
    return make("fieldset", "field", { ...own, ...state, role: "radiogroup" }, legend, ...radios, ...notes);
  }
  if (kind === "checkbox") {
    const box = make("input", "", { id, name: field.name, type: "checkbox", value: "true", required, ...state });
    return make("div", "field", own, choice(box, label()), ...notes);
  }
  return make("div", "field", own, label(), paintControl(field, id, { required, ...state }, texts), ...notes);
}
