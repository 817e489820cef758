-- Leads, their deliveries, and what decides whether a lead gets in.
--
-- Every row written costs (D1 bills rows, and an index on a written column is one row more), so
-- tables that are only ever found by their key are WITHOUT ROWID, and there is no index that the
-- accepting of a lead would have to write. Times are milliseconds since the Unix epoch
-- but for rate_window, which counts in seconds.

-- What the admin API wrote: the record. KV holds the copy that requests read.
CREATE TABLE config (
  kind TEXT NOT NULL CHECK (kind IN ('key', 'form', 'destination')),
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Counts changes of forms and destinations, and which of them KV has. One row.
CREATE TABLE catalog_revision (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  written INTEGER NOT NULL,
  published INTEGER NOT NULL
);
INSERT INTO catalog_revision VALUES (1, 0, 0);

-- Keys that must not write a lead any more, whatever a cache still says.
CREATE TABLE revoked_key (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

-- An accepted lead. `document` is the lead as JSON; what changes or is searched stands beside it.
CREATE TABLE lead (
  id TEXT PRIMARY KEY,
  form TEXT NOT NULL,
  key_id TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'new',
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  document TEXT NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER lead_needs_a_key_in_force BEFORE INSERT ON lead
WHEN EXISTS (SELECT 1 FROM revoked_key WHERE id = NEW.key_id)
BEGIN
  SELECT RAISE(ABORT, 'key_revoked');
END;

-- The answer to a request that may come again. A second insert fails, and with it the whole batch.
CREATE TABLE idempotency (
  key_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  location TEXT,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, idempotency_key)
) WITHOUT ROWID;

-- How much of a window is used, by key and by key and client address. The CHECK that fails names
-- itself in the error, and the batch that would have stored the lead is undone.
CREATE TABLE rate_window (
  subject TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  used INTEGER NOT NULL,
  allowed INTEGER NOT NULL,
  CONSTRAINT key_limit CHECK (kind <> 'key' OR used <= allowed),
  CONSTRAINT address_limit CHECK (kind <> 'address' OR used <= allowed)
) WITHOUT ROWID;

-- One lead to one destination. `due_at` is when somebody may claim it: the time of the next attempt,
-- or the end of the lease of whoever is sending it. NULL: nobody will, unless a person acts.
-- `attempts` counts all tries, `retries` those that count towards the schedule.
CREATE TABLE delivery (
  lead_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  destination TEXT NOT NULL,
  provider TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  retries INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  reference TEXT,
  reason TEXT,
  attempt_log TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (lead_id, ordinal),
  CHECK (due_at IS NULL OR status IN ('pending', 'delivering'))
) WITHOUT ROWID;

-- Deliveries that wait for their destination to be mended. Few; the happy path writes none.
CREATE INDEX delivery_waiting ON delivery (destination) WHERE status = 'pending' AND due_at IS NULL;

-- When to look at a lead again. The triggers below keep one row for each time at which a delivery of
-- a lead is due, so no code can forget it: one row a lead, where an index on delivery.due_at would
-- be one a delivery.
CREATE TABLE wakeup (
  due_at INTEGER NOT NULL,
  lead_id TEXT NOT NULL,
  PRIMARY KEY (due_at, lead_id)
) WITHOUT ROWID;

CREATE TRIGGER delivery_is_born AFTER INSERT ON delivery
WHEN NEW.due_at IS NOT NULL
BEGIN
  INSERT OR IGNORE INTO wakeup VALUES (NEW.due_at, NEW.lead_id);
END;

CREATE TRIGGER delivery_moves AFTER UPDATE OF due_at ON delivery
WHEN OLD.due_at IS NOT NEW.due_at
BEGIN
  INSERT OR IGNORE INTO wakeup SELECT NEW.due_at, NEW.lead_id WHERE NEW.due_at IS NOT NULL;
  DELETE FROM wakeup
  WHERE due_at = OLD.due_at AND lead_id = OLD.lead_id
    AND NOT EXISTS (SELECT 1 FROM delivery WHERE lead_id = OLD.lead_id AND due_at = OLD.due_at);
END;

-- Destinations that are left alone until they are mended.
CREATE TABLE destination_pause (
  destination TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  since INTEGER NOT NULL
) WITHOUT ROWID;
