// A form that stands in the page: painted and filled, and handed to the WebAssembly when that comes.

import { keepDraft, takeDraft } from "./drafts.js";
import { holdEarly } from "./early.js";
import { prefillOf, redirectOf } from "./options.js";
import { hiddenInputs, paint } from "./paint.js";
import { showEverything } from "./paint/steps.js";
import { fill, valueOf } from "./values.js";
import { webAddress } from "./web_address.js";

// Longer than the WebAssembly takes on a slow phone. After it a submission leaves without.
const PATIENCE_MS = 10_000;

export class StandingForm {
  #place;
  #definition;
  #form;
  #prefill;
  #extras;
  #release;
  #unbind;
  // Of a draft: unchanged answers go out under the key they went out under before.
  #idempotencyKey;
  #isGone = false;
  #isPlain = false;

  /** Paints into `box` and fills in what is known: what was typed before, what the page has `given`, first values. */
  constructor(place, definition, given) {
    const { host, box, home, key, locale, texts } = place;
    const { consent, token } = definition;
    this.#place = place;
    this.#definition = definition;
    this.#extras = { locale, _lg_token: token };
    const words = { text: consent.text, version: consent.version, policy_url: consent.policy_url };
    const prefill = (this.#prefill = prefillOf(host));
    const draft = takeDraft(key);
    const form = paint(definition, texts, {
      action: new URL(`/v1/leads?key=${encodeURIComponent(key)}`, home),
      extras: { ...this.#extras, consent: words, redirect: redirectOf(host) },
      prefill,
    });
    this.#form = form;
    for (const [name, field] of this.#fields()) {
      const value = draft?.values.get(name) ?? given[name] ?? prefill(name);
      if (value) fill(field, value);
    }
    this.#idempotencyKey = draft?.idempotencyKey;
    this.#release = holdEarly(form, () => {
      form.querySelector(".status").textContent = texts.sending;
      setTimeout(this.standAlone, PATIENCE_MS, "too slow");
    });
    box.replaceChildren(form);
  }

  /** Puts the focus into the first control. */
  focus() {
    const controls = [...this.#form.querySelectorAll("[data-field] :is(input, select, textarea)")];
    controls.find((control) => control.offsetParent)?.focus();
  }

  /** Puts values into fields as if they were typed. */
  prefill(values) {
    for (const [name, field] of this.#fields()) {
      if (values[name] === undefined) continue;
      fill(field, values[name]);
      for (const type of ["input", "change"]) {
        field.querySelector("input, select, textarea").dispatchEvent(new Event(type, { bubbles: true }));
      }
    }
  }

  /** Adds to what goes with every submission. No submission leaves before the form is adopted or stands alone. */
  extend(extras) {
    Object.assign(this.#extras, extras);
    this.#form.append(...hiddenInputs(extras));
  }

  /** Gives the form to the WebAssembly. */
  adopt = (bind) => {
    if (this.#isGone || this.#isPlain) return;
    const { host, box, home, key, texts } = this.#place;
    const definition = this.#definition;
    const values = definition.fields.map(({ name }) => this.#prefill(name) ?? "");
    for (const [, field, index] of this.#fields()) values[index] = valueOf(field);
    const { left, pressed, consentAt } = this.#release();
    this.#unbind = bind({
      host,
      box,
      definition,
      texts,
      values,
      left,
      consentAt,
      valueOf,
      extras: this.#extras,
      origin: new URL(home).origin,
      key,
      redirect: redirectOf(host) ?? webAddress(definition.success.redirect_url),
      idempotencyKey: this.#idempotencyKey,
      // The form may have left the page while its lead was on the way: what was typed is not to be sent again.
      onStored: (idempotencyKey) => takeDraft(key, idempotencyKey),
    });
    if (pressed) this.#press();
  };

  /** Lets the form do without the WebAssembly: all of it shown, checked and posted by the browser. */
  standAlone = (error) => {
    if (this.#isGone || this.#isPlain || this.#unbind) return;
    this.#isPlain = true;
    console.warn(`leadgate: plain: ${error}`);
    const { pressed } = this.#release();
    this.#form.noValidate = false;
    showEverything(this.#form);
    const status = this.#form.querySelector(".status");
    status.textContent = "";
    // Once, and not into the browser's own page about a missing network, where everything typed would be lost.
    let isPosted = false;
    this.#form.addEventListener("submit", (event) => {
      if (isPosted || !navigator.onLine) event.preventDefault();
      else isPosted = true;
      status.textContent = isPosted ? "" : this.#place.texts.unreachable;
    });
    addEventListener("pageshow", () => (isPosted = false));
    if (pressed) this.#press();
  };

  // Not `requestSubmit`, which Safari has since 16.
  #press() {
    this.#form.querySelector("[type=submit]:not([hidden])").click();
  }

  /** The form leaves the page; what was typed stays for the next with its key. The consent does not. */
  leave() {
    this.#isGone = true;
    const values = new Map(this.#fields().map(([name, field]) => [name, valueOf(field)]));
    const idempotencyKey = this.#unbind ? this.#unbind() : this.#idempotencyKey;
    const isSent = this.#unbind && !idempotencyKey;
    if (!isSent) keepDraft(this.#place.key, { values, idempotencyKey });
  }

  // The fields that are seen, with their names and places; the consent is none of them.
  #fields() {
    const { fields } = this.#definition;
    return [...this.#form.querySelectorAll("[data-field]")]
      .map((field) => [fields[field.dataset.field]?.name, field, field.dataset.field])
      .filter(([name]) => name !== undefined);
  }
}
