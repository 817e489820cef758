// The custom element: when a form loads, shows, fails and goes away.

import { startApp } from "./app.js";
import { loadDefinition } from "./definition.js";
import { Failure } from "./failure.js";
import { showFailure, showLoading } from "./notice.js";
import { adoptStyle } from "./style.js";

/** `<leadgate-form key="lg_pk_…">`. */
export class LeadgateForm extends HTMLElement {
  /** The address the script came from; the addresses of the API and the assets are relative to it. */
  static home;

  static observedAttributes = ["key", "data-key"];

  #key = null;
  #unmount = null;
  #box = null;

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
      this.#stop();
      this.#key = key;
      if (key !== null) this.#start(false);
    });
  }

  async #start(retried) {
    const key = this.#key;
    const isCurrent = () => this.#key === key && !this.#unmount;
    const box = this.#emptyBox();
    showLoading(box);
    try {
      const [mount, definition] = await Promise.all([
        startApp(LeadgateForm.home),
        loadDefinition(LeadgateForm.home, key),
      ]);
      if (!isCurrent()) return;
      const content = this.#emptyBox();
      this.#unmount = mount(this, content, new URL(LeadgateForm.home).origin, key, definition);
      // The button that was pressed is gone; the focus it had goes to what the visitor waited for.
      if (retried) content.querySelector("input, select, textarea")?.focus();
    } catch (error) {
      if (isCurrent()) this.#fail(Failure.from(error), retried);
    }
  }

  #fail(failure, retried) {
    console.warn(`leadgate: ${failure.code}: ${failure.detail}`);
    const retry = showFailure(this.#emptyBox(), failure, () => this.#start(true));
    if (retried) retry.focus();
    this.dispatchEvent(
      new CustomEvent("leadgate:error", { detail: { code: failure.code }, bubbles: true, composed: true }),
    );
  }

  #stop() {
    this.#unmount?.();
    this.#unmount = null;
  }

  #emptyBox() {
    if (!this.#box) {
      const root = this.attachShadow({ mode: "open" });
      adoptStyle(root);
      this.#box = document.createElement("div");
      this.#box.className = "box";
      root.append(this.#box);
    }
    this.#box.replaceChildren();
    return this.#box;
  }
}
