-- What makes a lead suspicious, what holds it back, and who has written to a form before.
--
-- As before, a lead of a form with default settings writes no row more for any of this.

-- `spam` is the score with its reasons, as JSON. `quarantined_at` is when a lead was held back: it has
-- no deliveries until it is released, which sets this to NULL. `events` is what happened to a lead
-- besides its deliveries, as a JSON array.
ALTER TABLE lead ADD COLUMN spam TEXT;
ALTER TABLE lead ADD COLUMN quarantined_at INTEGER;
ALTER TABLE lead ADD COLUMN events TEXT NOT NULL DEFAULT '[]';

-- The contacts of the leads of forms that merge or reject duplicates; forms that allow them write none.
-- `contact` is a hash over form, kind and contact. A second insert fails, and with it the whole batch.
-- A lead's id begins with its time (RFC 9562 §5.7), so it also says how old the contact is.
CREATE TABLE duplicate_guard (
  contact TEXT PRIMARY KEY,
  lead_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX duplicate_guard_of_lead ON duplicate_guard (lead_id);

-- A lead that is gone, or has lost its contacts by being erased, stands in nobody's way.
CREATE TRIGGER a_lead_goes AFTER DELETE ON lead
BEGIN
  DELETE FROM duplicate_guard WHERE lead_id = OLD.id;
END;

CREATE TRIGGER a_lead_is_erased AFTER UPDATE OF document ON lead
WHEN NEW.document ->> '$.email' IS NULL AND NEW.document ->> '$.phone' IS NULL
BEGIN
  DELETE FROM duplicate_guard WHERE lead_id = NEW.id;
END;
