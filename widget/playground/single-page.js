// What a single-page application does to its elements.

const key = document.currentScript.dataset.key;
const place = document.querySelector("#place");
let removed = null;

const last = () => [...document.querySelectorAll("leadgate-form")].at(-1);
const onClick = (id, act) => document.querySelector(id).addEventListener("click", act);

onClick("#add", () => {
  // Frameworks insert first and set attributes afterwards.
  const form = document.createElement("leadgate-form");
  place.append(form);
  form.setAttribute("key", key);
});
onClick("#remove", () => {
  removed = last();
  removed.remove();
});
onClick("#again", () => place.append(removed));
onClick("#move", () => document.querySelector("#other").append(last()));
