// Elements, made one by one: no text of a definition is ever read as HTML.

/**
 * An element whose classes are its `part`s as well. Attributes without a value are left out, and
 * `true` stands for one whose presence is its value.
 */
export function make(name, classes, attributes, ...children) {
  const node = document.createElement(name);
  const named = classes && { class: classes, part: classes };
  for (const [attribute, value] of Object.entries({ ...named, ...attributes })) {
    if (value != null && value !== false) node.setAttribute(attribute, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}
