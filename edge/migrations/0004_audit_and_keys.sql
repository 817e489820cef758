-- What admins did, how one key gives way to another, and when a key was used last.

-- One row for each change by the admin API, written in the transaction that makes the change. It
-- names what was changed, never what it says. `address` is the client's, truncated.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('created', 'replaced', 'removed', 'rotated', 'revoked', 'tested')),
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  actor TEXT NOT NULL,
  request_id TEXT NOT NULL,
  address TEXT
);

-- A record that can be changed proves nothing.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit_is_append_only');
END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit_is_append_only');
END;

-- Until when a key that gives way to another may still write. 0: not at all, whatever a clock says.
ALTER TABLE revoked_key ADD COLUMN writes_until INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER IF EXISTS lead_needs_a_key_in_force;
CREATE TRIGGER lead_needs_a_key_in_force BEFORE INSERT ON lead
WHEN EXISTS (SELECT 1 FROM revoked_key WHERE id = NEW.key_id AND writes_until <= NEW.created_at)
BEGIN
  SELECT RAISE(ABORT, 'key_revoked');
END;

-- When a key was used last, but for leads of the last day, of which rate_window tells.
CREATE TABLE key_use (
  key_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- The id of the key up to which KV has been filled again after it was lost. NULL: it has them all.
ALTER TABLE catalog_revision ADD COLUMN republish_after TEXT;
