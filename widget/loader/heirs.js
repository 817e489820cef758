// Forms that took over what was typed into another while its lead was on the way. Once the lead is stored nobody is to
// send it a second time.

const heirs = new Map();
const stored = new Set();

/** Notes that the live form in `box` holds the answers that were sent under this key. */
export function inherit(idempotencyKey, box) {
  if (!idempotencyKey) return;
  heirs.set(idempotencyKey, box);
  if (stored.has(idempotencyKey)) showSent(box);
}

/** The lead with this key, whose form has left the page, is stored. */
export function settle(idempotencyKey) {
  stored.add(idempotencyKey);
  if (heirs.has(idempotencyKey)) showSent(heirs.get(idempotencyKey));
}

function showSent(box) {
  box.querySelector(".form").hidden = true;
  box.querySelector(".sent").hidden = false;
}
