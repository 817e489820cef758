// A style sheet that every form of the page shares.

import { make } from "./node.js";

const sheets = new Map();

/** Gives the shadow root a style without an inline `<style>`, which many content security policies refuse. */
export function adoptStyle(root, css) {
  // Safari before 16.4 has no constructable sheets. Where its page forbids this too, the form has the browser's own look.
  if (!("adoptedStyleSheets" in root)) return root.append(make("style", "", {}, css));
  if (!sheets.has(css)) {
    sheets.set(css, new CSSStyleSheet());
    sheets.get(css).replaceSync(css);
  }
  const sheet = sheets.get(css);
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
