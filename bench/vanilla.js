// The form as a careful hand writes it for one site, without any framework: the measure of the comparison.

import css from "leadgate-style";
import { problemOf, send } from "./rules.js";

const tag = document.currentScript;
const key = tag.dataset.key;
const host = document.createElement("div");
tag.after(host);
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];

function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children);
  return node;
}

function show(definition) {
  const idempotencyKey = crypto.getRandomValues(new Uint32Array(4)).join("");
  const controls = new Map();
  const form = make("form", { class: "form", novalidate: "", "aria-label": definition.name });
  const mark = (name, problem) => {
    const { control, error } = controls.get(name);
    control.setAttribute("aria-invalid", Boolean(problem));
    if (error.textContent !== problem) error.textContent = problem;
    return problem;
  };
  for (const field of definition.fields) {
    const { name, label, kind } = field;
    const tagName = kind === "textarea" ? "textarea" : "input";
    const known = { id: name, name, "aria-describedby": `${name}-error`, autocomplete: field.autocomplete ?? "off" };
    const control = make(tagName, tagName === "input" ? { ...known, type: kind } : known);
    const error = make("p", { class: "error", id: `${name}-error`, "aria-live": "polite" });
    controls.set(name, { control, error });
    control.addEventListener("blur", () => mark(name, problemOf(field, control.value)));
    control.addEventListener("input", () => error.textContent && mark(name, problemOf(field, control.value)));
    form.append(make("div", { class: "field" }, make("label", { for: name }, label), control, error));
  }
  const box = make("input", { id: "consent", type: "checkbox", "aria-describedby": "consent-error" });
  const consentError = make("p", { class: "error", id: "consent-error", "aria-live": "polite" });
  controls.set("consent", { control: box, error: consentError });
  box.addEventListener("change", () => mark("consent", ""));
  const words = make("label", { for: "consent" }, definition.consent.text);
  form.append(make("div", { class: "field" }, make("div", { class: "choice" }, box, words), consentError));
  const status = make("p", { class: "status", role: "status" });
  form.append(make("button", { class: "send", type: "submit" }, "Send"), status);
  let isSending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    const values = {};
    let wrong = definition.fields.filter((field) => {
      const { value } = controls.get(field.name).control;
      if (value.trim()) values[field.name] = value.trim();
      return mark(field.name, problemOf(field, value));
    });
    if (!values.email && !values.phone) {
      mark("email", "Enter an email address or a phone number.");
      wrong = [...wrong, { name: "email" }];
    }
    if (!box.checked) {
      mark("consent", "Tick the box to agree.");
      wrong = [...wrong, { name: "consent" }];
    }
    if (wrong.length) {
      status.textContent = "Please check the marked fields.";
      return controls.get(wrong[0].name).control.focus();
    }
    isSending = true;
    status.textContent = "Sending…";
    const answer = await send(values, definition, key, idempotencyKey);
    isSending = false;
    if (answer?.ok) return form.replaceWith(make("p", { class: "sent", role: "status" }, "Thank you."));
    status.textContent = "Your message could not be sent. Please try again.";
  });
  host.shadowRoot.append(make("div", { class: "box" }, form));
  // It listens as soon as it is there.
  form.setAttribute("data-busy", "false");
}

fetch(`/v1/form?key=${key}`)
  .then((answer) => answer.json())
  .then(show);
