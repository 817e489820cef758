// When the page has been drawn.

// Nothing is drawn of a page in the background.
const PATIENCE_MS = 200;

/** Resolves once what was just painted is in a frame that the visitor can see. */
export function nextFrame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, PATIENCE_MS);
  });
}
