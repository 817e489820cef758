// What visitors typed into forms that left the page, for the next form with the same key. In the page's
// memory only: what was typed is nobody else's, so it goes into no storage.

const drafts = new Map();

/** Keeps the draft of a form with this publishable key; the last one counts. */
export function keepDraft(key, draft) {
  drafts.set(key, draft);
}

/** Takes the draft for a form with this publishable key. */
export function takeDraft(key) {
  const draft = drafts.get(key);
  drafts.delete(key);
  return draft;
}
