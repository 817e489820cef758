// What visitors typed into forms that left the page, for the next form with the same key. In the page's
// memory only: what was typed is nobody else's, so it goes into no storage.

const drafts = new Map();

/** Keeps the draft of a form with this publishable key; the last one in which something was typed counts. */
export function keepDraft(key, draft) {
  if ([...draft.values.values()].some(Boolean)) drafts.set(key, draft);
}

/** Takes the draft for a form with this publishable key; with an idempotency key, only the one that is sent under it. */
export function takeDraft(key, idempotencyKey) {
  const draft = drafts.get(key);
  if (idempotencyKey && draft?.idempotencyKey !== idempotencyKey) return undefined;
  drafts.delete(key);
  return draft;
}
