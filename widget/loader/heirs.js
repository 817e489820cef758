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

/** The form that inherited this key has left, or was sent itself: what stands in its place is something else. */
export function disinherit(idempotencyKey) {
  heirs.delete(idempotencyKey);
}

/** The lead with this key, whose form has left the page, is stored. */
export function settle(idempotencyKey) {
  stored.add(idempotencyKey);
  if (heirs.has(idempotencyKey)) showSent(heirs.get(idempotencyKey));
}

// In a task of its own: a control that loses its focus by being hidden is an event, which is over by then.
function showSent(box) {
  box.getRootNode().activeElement?.blur();
  setTimeout(() => {
    box.querySelector(".form").hidden = true;
    box.querySelector(".sent").hidden = false;
  });
}
