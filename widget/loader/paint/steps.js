// The steps of a form: all of it where there is one, and the way from one to the next where there are more.

import { make } from "../node.js";

/**
 * What goes into the form for `fields`, which are pairs of a step's number and a node. `last` stands in the
 * last step, `submit` on its button. Where there are several, only the first is seen: they are shown one by one by the
 * WebAssembly, or all at once by `showEverything` where that does not come.
 */
export function paintSteps(fields, last, texts, submit) {
  const send = make("button", "send", { type: "submit" }, submit || texts.send);
  const numbers = [...new Set(fields.map(([step]) => step))].sort((a, b) => a - b);
  if (numbers.length < 2) return [...fields.map(([, node]) => node), ...last, send];
  const steps = numbers.map((number, index) => {
    const text = texts.step.replace("{n}", index + 1).replace("{total}", numbers.length);
    const heading = make("legend", "progress", { tabindex: "-1" }, text);
    const nodes = fields.filter(([step]) => step === number).map(([, node]) => node);
    return make("fieldset", "step", { "data-step": number, hidden: index > 0 }, heading, ...nodes);
  });
  steps.at(-1).append(...last);
  // The way on submits, so that the Enter key means it too.
  const back = make("button", "back", { type: "button", hidden: true }, texts.back);
  const next = make("button", "next", { type: "submit" }, texts.next);
  send.hidden = true;
  return [...steps, make("div", "actions", {}, back, next, send)];
}

/** Makes a form whole that has to do without the WebAssembly: every step, every field, one button. */
export function showEverything(form) {
  for (const node of form.querySelectorAll(".step, .field, .send")) node.hidden = false;
  form.querySelector(".next")?.remove();
  form.querySelector(".back")?.remove();
}
