// The consent box: never ticked beforehand, with the exact words that the lead carries.

import { make } from "../node.js";
import { webAddress } from "../web_address.js";
import { choice } from "./control.js";

/**
 * The box, its words, and the link to the policy they speak of; nothing where the form has no words.
 * Behind it the box for marketing, which is never required and goes its own way to the lead.
 */
export function paintConsent({ required, text, policy_url, marketing }, index, texts) {
  if (!text) return [];
  const box = make("input", "", {
    id: "consent",
    name: "consent.given",
    type: "checkbox",
    value: "true",
    required,
    "aria-required": required && "true",
    "aria-describedby": "consent-error",
  });
  const policy = webAddress(policy_url);
  return [
    make(
      "div",
      "field consent",
      { "data-field": index },
      choice(box, make("label", "label", { for: "consent" }, text)),
      ...(policy ? [make("a", "policy", { href: policy, target: "_blank" }, texts.policy)] : []),
      make("p", "error", { id: "consent-error", "aria-live": "polite" }),
    ),
    ...(marketing ? [paintMarketing(marketing)] : []),
  ];
}

// The words themselves are what it sends: they stand with the lead, and only when they were agreed to.
function paintMarketing(words) {
  const id = "consent-marketing";
  const box = make("input", "", { id, name: "consent.marketing", type: "checkbox", value: words });
  return make("div", "field consent", {}, choice(box, make("label", "label", { for: id }, words)));
}
