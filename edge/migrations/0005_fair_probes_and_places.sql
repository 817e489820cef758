-- Who finds out whether a paused destination works again, who has a place of the day, and what the
-- operator was told already. As before, a lead that goes through at once writes none of it.

-- Deliveries that wait for their destination, the least recently touched first: each is asked in its
-- turn, so that one which never gets through does not keep the others waiting.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (destination, updated_at) WHERE status = 'pending' AND due_at IS NULL;

-- Leads that a destination with a daily cap was given on a UTC day, written `2026-11-21`: a row each,
-- so that a lead that is sent again has its place already.
DROP TABLE destination_day;
CREATE TABLE destination_place (
  destination TEXT NOT NULL,
  day TEXT NOT NULL,
  lead_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (destination, day, lead_id, ordinal)
) WITHOUT ROWID;

-- What the destination did not take does not count.
CREATE TRIGGER a_place_is_given_back AFTER UPDATE OF status ON delivery
WHEN NEW.status IN ('refused', 'duplicate', 'failed', 'skipped')
BEGIN
  DELETE FROM destination_place
  WHERE destination = NEW.destination AND lead_id = NEW.lead_id AND ordinal = NEW.ordinal;
END;

-- A destination that was failing and turns out to be misconfigured needs a person now.
CREATE TRIGGER another_pause_is_told AFTER UPDATE OF kind ON destination_pause
WHEN OLD.kind <> NEW.kind
BEGIN
  INSERT INTO alert (kind, destination, cause, first_at, last_at, due_at)
  VALUES ('paused', NEW.destination, NEW.kind, NEW.since, NEW.since, NEW.since)
  ON CONFLICT DO UPDATE SET times = times + 1, last_at = excluded.last_at,
    due_at = coalesce(due_at, max(excluded.last_at, told_at + 3600000));
END;

-- The channels that took an alert while another did not, as a JSON array of their ids.
ALTER TABLE alert ADD COLUMN told_to TEXT NOT NULL DEFAULT '[]';
