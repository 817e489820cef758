// The form's style sheet, shared by every form of the page.

import css from "leadgate-style";

let sheet = null;

/** Gives the shadow root the style without an inline `<style>`, which many content security policies refuse. */
export function adoptStyle(root) {
  // Safari before 16.4 has no constructable sheets: there the form works with the browser's own look.
  if (!("adoptedStyleSheets" in root)) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  root.adoptedStyleSheets = [sheet];
}
