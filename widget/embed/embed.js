// `/embed/{form}`: takes a publishable key, shows the form it is bound to, and hands out the lines to paste.

const byId = (id) => document.getElementById(id);
const wanted = decoded(location.pathname.split("/")[2] ?? "");

byId("form").textContent = wanted;
byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  // In the fragment, so that the page can be kept as a bookmark.
  history.replaceState(null, "", `#${byId("key").value.trim()}`);
  show();
});
addEventListener("hashchange", show);
for (const id of ["theme", "locale"]) byId(id).addEventListener("change", preview);
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(byId(button.dataset.copy)));
}
if (location.hash) show();

async function show() {
  const key = decoded(location.hash.slice(1));
  byId("key").value = key;
  byId("copied").textContent = "";
  const problem = await problemOf(key);
  byId("problem").textContent = problem;
  byId("result").hidden = problem !== "";
  if (problem) return;
  const { origin } = location;
  byId("preload").textContent =
    `<link rel="preload" as="fetch" crossorigin href="${origin}/v1/form?key=${key}">`;
  preview();
}

/** The text of a piece of an address; as it stands where it is no such piece. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Why the key cannot be used here, in words for the operator; empty if it can. */
async function problemOf(key) {
  if (key.startsWith("lg_sk_")) return "This is a secret key. It must never stand in a web page: use a publishable one, and replace this one if others saw it.";
  if (!/^lg_pk_\w+$/.test(key)) return "A publishable key begins with lg_pk_.";
  try {
    const answer = await fetch(`/v1/form?key=${key}`, { credentials: "omit" });
    const body = await answer.json();
    if (!answer.ok) return body.detail ?? body.title;
    return body.id === wanted ? "" : `This key belongs to the form ${body.id}.`;
  } catch (error) {
    return `The form could not be fetched: ${error}`;
  }
}

function choices() {
  const chosen = [["data-theme", byId("theme").value], ["data-locale", byId("locale").value]];
  return chosen.filter(([, value]) => value && value !== "auto");
}

function preview() {
  const { origin } = location;
  const key = byId("key").value;
  const form = document.createElement("leadgate-form");
  form.setAttribute("key", key);
  for (const [name, value] of choices()) form.setAttribute(name, value);
  byId("preview").replaceChildren(form);
  const options = choices().map(([name, value]) => ` ${name}="${value}"`).join("");
  byId("tag").textContent = `<script async src="${origin}/widget.js" data-key="${key}"${options}></script>`;
  byId("form-tag").textContent = `<script async crossorigin src="${origin}/form.js?key=${key}"${options}></script>`;
}

async function copy(source) {
  const said = byId("copied");
  try {
    await navigator.clipboard.writeText(source.textContent);
    said.textContent = "Copied.";
  } catch {
    // Not every browser lets a page write to the clipboard: the text is marked for the visitor's own hand.
    getSelection().selectAllChildren(source);
    said.textContent = "Marked: copy it with your keyboard.";
  }
}
