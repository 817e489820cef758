// What stands in a painted field, whatever its kind.

const CONTROL = "input, select, textarea";

/** The answer in a field: of a box `true` or nothing. */
export function valueOf(field) {
  const control = field.querySelector(CONTROL);
  if (control.type === "radio") return field.querySelector(":checked")?.value ?? "";
  if (control.type === "checkbox") return control.checked ? "true" : "";
  // Browsers give a half typed number or date as empty. It is neither empty nor right.
  return control.validity.badInput ? "?" : control.value;
}

/** Puts an answer, which may be a number or a boolean, into a field, where it can stand there. */
export function fill(field, value) {
  for (const control of field.querySelectorAll(CONTROL)) {
    if (control.type === "radio") control.checked = control.value === `${value}`;
    else if (control.type === "checkbox") control.checked = /^(true|yes|on|1)$/i.test(value);
    else control.value = value;
    if (control.selectedIndex < 0) control.selectedIndex = 0;
  }
}
