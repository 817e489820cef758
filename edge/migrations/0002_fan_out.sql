-- What explains a delivery, what holds a destination back, and what tells the operator.
--
-- As before, a lead that goes through at once writes none of what is new here: columns are part of
-- rows that are written anyway, and tables and partial indexes hold trouble only.

-- Why a lead went where it went: what each destination said to it when it was accepted, as JSON.
ALTER TABLE lead ADD COLUMN routing TEXT;

-- `group_id` is the group in whose turn it is sent. `follow_up` is the request that completes a
-- delivery whose lead was taken already, as JSON. `notes` says what of the lead did not fit.
ALTER TABLE delivery ADD COLUMN group_id TEXT;
ALTER TABLE delivery ADD COLUMN follow_up TEXT;
ALTER TABLE delivery ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';

-- Deliveries that a person looks for. Few; one that ends `delivered` is never in it.
CREATE INDEX delivery_in_trouble ON delivery (status, lead_id, ordinal)
WHERE status IN ('duplicate', 'refused', 'unconfirmed', 'failed', 'skipped', 'cancelled');

-- Why a destination is left alone: 'misconfigured' waits for a person, 'failing' for the destination
-- itself. Its deliveries wait with `due_at` NULL; at `probe_at` one of them is let through (due_at = 1)
-- to find out whether it is over.
ALTER TABLE destination_pause ADD COLUMN kind TEXT NOT NULL DEFAULT 'misconfigured'
  CHECK (kind IN ('misconfigured', 'failing'));
ALTER TABLE destination_pause ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;

-- Leads in a row that a destination failed, within the minute that began at `since`.
CREATE TABLE destination_failure (
  destination TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  since INTEGER NOT NULL,
  lead_id TEXT NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER a_destination_works AFTER UPDATE OF status ON delivery
WHEN OLD.status = 'delivering' AND NEW.status IN ('delivered', 'duplicate', 'refused')
BEGIN
  DELETE FROM destination_failure WHERE destination = NEW.destination;
END;

-- Leads that a destination with a daily cap was given on a UTC day, written `2026-11-21`.
CREATE TABLE destination_day (
  destination TEXT NOT NULL,
  day TEXT NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (destination, day)
) WITHOUT ROWID;

-- What the operator is to be told: a row for each kind, destination and cause, however often it
-- happens. `due_at` is when to tell, NULL once that was done; at most once an hour (3600000 ms).
CREATE TABLE alert (
  kind TEXT NOT NULL CHECK (kind IN ('first_failure', 'paused', 'gave_up')),
  destination TEXT NOT NULL,
  cause TEXT NOT NULL,
  delivery TEXT,
  times INTEGER NOT NULL DEFAULT 1,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  due_at INTEGER,
  told_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, destination, cause)
) WITHOUT ROWID;

-- Triggers raise them, so that no code can forget to.
CREATE TRIGGER a_pause_is_told AFTER INSERT ON destination_pause
BEGIN
  INSERT INTO alert (kind, destination, cause, first_at, last_at, due_at)
  VALUES ('paused', NEW.destination, NEW.kind, NEW.since, NEW.since, NEW.since)
  ON CONFLICT DO UPDATE SET times = times + 1, last_at = excluded.last_at,
    due_at = coalesce(due_at, max(excluded.last_at, told_at + 3600000));
END;

CREATE TRIGGER a_failure_is_told AFTER UPDATE OF status ON delivery
WHEN OLD.status = 'delivering' AND NEW.status IN ('refused', 'unconfirmed', 'failed')
  OR OLD.status = 'delivering' AND NEW.status = 'pending' AND NEW.due_at IS NOT NULL AND NEW.retries > OLD.retries
BEGIN
  INSERT INTO alert (kind, destination, cause, delivery, first_at, last_at, due_at)
  VALUES (iif(NEW.status = 'failed', 'gave_up', 'first_failure'), NEW.destination,
    iif(NEW.status = 'pending', 'retry', NEW.status), NEW.lead_id || '_' || NEW.ordinal,
    NEW.updated_at, NEW.updated_at, NEW.updated_at)
  ON CONFLICT DO UPDATE SET times = times + 1, last_at = excluded.last_at, delivery = excluded.delivery,
    due_at = coalesce(due_at, max(excluded.last_at, told_at + 3600000));
END;

-- Groups of destinations and channels for alerts are configured like the rest.
CREATE TABLE config_of_more_kinds (
  kind TEXT NOT NULL CHECK (kind IN ('key', 'form', 'destination', 'group', 'alert')),
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
INSERT INTO config_of_more_kinds SELECT kind, id, document FROM config;
DROP TABLE config;
ALTER TABLE config_of_more_kinds RENAME TO config;
