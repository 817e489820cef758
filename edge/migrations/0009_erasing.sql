-- Letting go of a person: what has to be found of one, and what is on record of it.

-- The answers that are kept for repeats of this lead's submission, as a JSON array of `[key, Idempotency-Key]`:
-- an index to find them by would be one more row for every lead.
ALTER TABLE lead ADD COLUMN kept_answers TEXT NOT NULL DEFAULT '[]';

-- When the person withdrew their consent. From then on no delivery of the lead is begun.
ALTER TABLE lead ADD COLUMN withdrawn_at INTEGER;

-- The contacts of one person in all forms. Only conversions write them.
CREATE INDEX contact_of_email ON contact (email) WHERE email IS NOT NULL;
CREATE INDEX contact_of_phone ON contact (phone_e164) WHERE phone_e164 IS NOT NULL;

-- Up to which lead all of a form are erased. Erased leads stay as rows, and no tick has to pass them again.
CREATE TABLE retention (
  form TEXT PRIMARY KEY,
  after_id TEXT NOT NULL
) WITHOUT ROWID;

-- Erasing and taking out is on record as well: by whom, and how much. Whom it was about is nowhere, so `target`
-- is NULL but for a single lead. `counts` is a JSON object.
DROP TRIGGER audit_is_never_changed;
DROP TRIGGER audit_is_never_removed;
CREATE TABLE audit_of_more_actions (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL CHECK
    (action IN ('created', 'replaced', 'removed', 'rotated', 'revoked', 'tested', 'erased', 'exported')),
  kind TEXT NOT NULL,
  target TEXT,
  actor TEXT NOT NULL,
  request_id TEXT NOT NULL,
  address TEXT,
  counts TEXT
);
INSERT INTO audit_of_more_actions (id, at, action, kind, target, actor, request_id, address)
SELECT id, at, action, kind, target, actor, request_id, address FROM audit;
DROP TABLE audit;
ALTER TABLE audit_of_more_actions RENAME TO audit;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit_is_append_only');
END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit_is_append_only');
END;
