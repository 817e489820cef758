// Which addresses a form may link to or go to.

/**
 * The whole address, where it is one of the web, absolute or relative to the page; else nothing. The
 * browser's own parser decides, so whatever hides a `javascript:` from a pattern hides nothing here.
 */
export function webAddress(address) {
  if (!address) return undefined;
  try {
    const { protocol, href } = new URL(address, document.baseURI);
    return /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
