// Types of the element `<leadgate-form>` and its events, for pages in TypeScript. docs/EMBEDDING.md explains them.

/** Why a form cannot be shown or was not sent: a code of the API's answers, or one of the widget's own. */
export type LeadgateErrorCode =
  | "network_error"
  | "internal"
  | "invalid_key"
  | "origin_not_allowed"
  | "not_found"
  | "rate_limited"
  | "validation_failed"
  | "idempotency_conflict"
  | "store_unavailable"
  | (string & {});

/** The attributes of `<leadgate-form>` and of the script tag. */
export interface LeadgateFormAttributes {
  /** The publishable key, `lg_pk_…`; `data-key` where a framework keeps `key` for itself. */
  key?: string;
  "data-key"?: string;
  /** Of the tag: the element that the form goes into, as a CSS selector. */
  "data-target"?: string;
  /** A language (BCP 47), such as `es` or `pt-BR`. */
  "data-locale"?: string;
  "data-theme"?: "auto" | "light" | "dark";
  /** The page's font instead of the form's. */
  "data-font"?: "inherit";
  /** Where to go after a success: relative, `http:` or `https:`. */
  "data-redirect"?: string;
  "data-attribution"?: "session" | "first-touch" | "none";
  /** Repeats the events in `window.dataLayer`, or in the layer of that name. */
  "data-datalayer"?: string;
  /** Keeps a submission in the browser until the Worker has answered. */
  "data-outbox"?: "";
  /** First values by field, as in `data-prefill-first-name`. */
  [prefill: `data-prefill-${string}`]: string | undefined;
}

export interface LeadgateEventMap {
  /** The form can be filled. */
  "leadgate:ready": CustomEvent<Record<string, never>>;
  /** A submission leaves. */
  "leadgate:submit": CustomEvent<Record<string, never>>;
  /** The lead is stored. */
  "leadgate:success": CustomEvent<{ id: string }>;
  /** The form cannot be shown, or a submission failed. */
  "leadgate:error": CustomEvent<{ code: LeadgateErrorCode }>;
}

interface LeadgateFormEventMap extends HTMLElementEventMap, LeadgateEventMap {}

declare global {
  interface HTMLLeadgateFormElement extends HTMLElement {
    /** Shows the form anew, without what was typed. */
    reset(): void;
    /** Shows the form in another language (BCP 47). What was typed stays; the consent does not. */
    setLocale(locale: string): void;
    /** Puts these values, by field name, into the fields that the visitor sees. */
    prefill(values: Record<string, string | number | boolean>): void;
    /** Puts the focus into the first field. */
    focus(): void;
    addEventListener<K extends keyof LeadgateFormEventMap>(
      type: K,
      listener: (this: HTMLLeadgateFormElement, event: LeadgateFormEventMap[K]) => void,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void;
  }

  interface HTMLElementTagNameMap {
    "leadgate-form": HTMLLeadgateFormElement;
  }

  // The events bubble, so that the document hears them too.
  interface DocumentEventMap extends LeadgateEventMap {}
}
