// From a script tag with `data-key` to a form in the page.

/**
 * Puts a form where the tag stands, or into the element that `data-target` selects. All `data-`
 * attributes of the tag go with it; what they mean is decided in `options.js`.
 */
export function placeForm(tag) {
  const form = document.createElement("leadgate-form");
  for (const { name, value } of tag.attributes) {
    if (name.startsWith("data-")) form.setAttribute(name, value);
  }
  const selector = tag.dataset.target;
  // Nothing in the head is displayed, so a tag without a target puts its form at the end of the body.
  if (!selector && !document.head.contains(tag)) return tag.after(form);

  const place = () => {
    const target = selector ? find(selector) : document.body;
    if (target) target.append(form);
    return target;
  };
  // An async script may run before the parser has reached the target, or is through with it.
  if (document.readyState !== "loading") return place() || warn(selector);
  document.addEventListener("DOMContentLoaded", () => place() || warn(selector), { once: true });
}

function find(selector) {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}

function warn(selector) {
  console.warn(`leadgate: no element matches data-target="${selector}"`);
}
