// The form's own style values (`theme`), in a sheet of their own: an inline style needs an exception
// in a strict content security policy.

/** Sets `--leadgate-{name}` for every value of `theme`; what the page sets itself wins over it. */
export function adoptTheme(root, theme) {
  if (!theme || !("adoptedStyleSheets" in root)) return;
  const sheet = new CSSStyleSheet();
  sheet.insertRule(":host {}");
  for (const [name, value] of Object.entries(theme)) {
    // Takes one value and nothing that could end it.
    sheet.cssRules[0].style.setProperty(`--leadgate-${name}`, value);
  }
  // As the value of a custom property the word would mean something else.
  if (theme.font === "inherit") sheet.insertRule(".box { font-family: inherit }");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
}
