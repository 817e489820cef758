// The custom element: when a form loads, stands, becomes live, fails and goes away.

import english from "leadgate-english";
import css from "leadgate-style";
import { loadApp } from "./app.js";
import { attribution } from "./attribution.js";
import { repeatInDataLayer } from "./data_layer.js";
import { loadDefinition } from "./definition.js";
import { takeDraft } from "./drafts.js";
import { Failure } from "./failure.js";
import { nextFrame } from "./frame.js";
import { directionOf, localise, messagesFor, pickLocale } from "./locale.js";
import { showFailure, showLoading } from "./notice.js";
import { memoryOf } from "./options.js";
import { StandingForm } from "./standing.js";
import { adoptStyle } from "./style.js";
import { adoptTheme } from "./theme.js";
import { wanted } from "./wanted.js";

/** `<leadgate-form key="lg_pk_…">`. */
export class LeadgateForm extends HTMLElement {
  /** The address the script came from; the addresses of the API and the assets are relative to it. */
  static home;

  static observedAttributes = ["key", "data-key"];

  #key = null;
  #form = null;
  // Values for a form that is not painted yet.
  #given = {};
  #box = null;

  constructor() {
    super();
    for (const event of ["ready", "submit", "success", "error"]) {
      this.addEventListener(`leadgate:${event}`, repeatInDataLayer);
    }
  }

  /** Shows the form anew, without what was typed. */
  reset() {
    this.#repaint(() => takeDraft(this.#key));
  }

  /** Shows the form in another language (BCP 47). What was typed stays; the consent, whose words change, does not. */
  setLocale(locale) {
    this.dataset.locale = locale;
    this.#repaint();
  }

  /** Puts these values, by field name, into the fields that the visitor sees. */
  prefill(values) {
    if (this.#form) this.#form.prefill(values);
    else Object.assign(this.#given, values);
  }

  /** Puts the focus into the first field. */
  focus() {
    this.#form?.focus();
  }

  connectedCallback() {
    this.#settle();
  }

  disconnectedCallback() {
    this.#settle();
  }

  attributeChangedCallback() {
    this.#settle();
  }

  // A move is a removal and an insertion, and frameworks set attributes after inserting. What the
  // element has become when the current task ends is what counts.
  #settle() {
    queueMicrotask(() => {
      const key = this.isConnected ? (this.getAttribute("key") ?? this.dataset.key ?? "") : null;
      if (key === this.#key) return;
      this.#form?.leave();
      this.#form = null;
      this.#key = key;
      if (key !== null) this.#start(false);
    });
  }

  // A form that is not painted yet will be, as it is wanted by then.
  #repaint(between) {
    if (!this.#form) return between?.();
    this.#form.leave();
    this.#form = null;
    between?.();
    this.#start(false);
  }

  async #start(retried) {
    const key = this.#key;
    const { home } = LeadgateForm;
    // What needs no answer is done while that is on its way.
    const asking = loadDefinition(home, key);
    const box = this.#openBox();
    showLoading(box, english);
    const asked = pickLocale(this) ?? "en";
    const early = messagesFor(home, asked);
    const app = wanted(this, asking).then(() => loadApp(home));
    app.catch(() => {});
    try {
      const definition = await asking;
      let locale, texts;
      // It may be told to speak another language meanwhile.
      do {
        locale = pickLocale(this, definition);
        texts = await messagesFor(home, locale);
      } while (locale !== pickLocale(this, definition));
      if (this.#key !== key || this.#form) return;
      box.lang = locale;
      box.dir = directionOf(locale);
      adoptTheme(this.shadowRoot, definition.theme);
      const form = new StandingForm({ host: this, box, home, key, locale, texts }, localise(definition, locale, texts), this.#given);
      this.#form = form;
      this.#given = {};
      // The button that was pressed is gone; the focus it had goes to what the visitor waited for.
      if (retried) form.focus();
      this.#tell("ready", {});
      // It is seen before it is made live.
      await nextFrame();
      form.extend({ attribution: attribution(memoryOf(this)) });
      app.then((start) => start()).then(form.adopt).catch(form.standAlone);
    } catch (error) {
      const texts = await early;
      if (this.#key !== key || this.#form) return;
      box.lang = texts === english ? "en" : asked;
      box.dir = directionOf(box.lang);
      this.#fail(Failure.from(error), texts, retried);
    }
  }

  #fail(failure, texts, retried) {
    console.warn(`leadgate: ${failure.code}: ${failure.detail}`);
    const retry = showFailure(this.#box, texts, failure, () => this.#start(true));
    if (retried) retry.focus();
    this.#tell("error", { code: failure.code });
  }

  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(`leadgate:${event}`, { detail, bubbles: true, composed: true }));
  }

  #openBox() {
    if (!this.#box) {
      const root = this.attachShadow({ mode: "open" });
      adoptStyle(root, css);
      this.#box = document.createElement("div");
      this.#box.className = "box";
      this.#box.part = "box";
      root.append(this.#box);
    }
    return this.#box;
  }
}
