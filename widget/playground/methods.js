// What a page can do with a form.

const form = document.querySelector("leadgate-form");
const onClick = (id, act) => document.querySelector(id).addEventListener("click", act);

onClick("#reset", () => form.reset());
onClick("#french", () => form.setLocale("fr"));
onClick("#prefill", () => form.prefill({ name: "Marla Singer", email: "marla@example.com", consent: true }));
onClick("#focus", () => form.focus());
