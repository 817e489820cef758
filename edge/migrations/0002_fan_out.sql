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

-- `kind`: 'misconfigured' waits for a person, 'failing' for the destination itself. One delivery is
-- let through at `probe_at` to find out whether it is over.
ALTER TABLE destination_pause ADD COLUMN kind TEXT NOT NULL DEFAULT 'misconfigured'
  CHECK (kind IN ('misconfigured', 'failing'));
ALTER TABLE destination_pause ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;

-- Failures of a destination in a row, each lead counted once in a row. A row goes with the first success.
CREATE TABLE destination_failure (
  destination TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  since INTEGER NOT NULL,
  lead_id TEXT NOT NULL
) WITHOUT ROWID;

-- Leads that a destination with a daily cap was given on a UTC day, written `2026-11-21`.
CREATE TABLE destination_day (
  destination TEXT NOT NULL,
  day TEXT NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (destination, day)
) WITHOUT ROWID;

-- What the operator is to be told, once in a while for each kind and destination, however often it
-- happens. `due_at`: when to tell; NULL after that.
CREATE TABLE alert (
  kind TEXT NOT NULL CHECK (kind IN ('first_failure', 'paused', 'gave_up')),
  destination TEXT NOT NULL,
  cause TEXT NOT NULL,
  delivery TEXT,
  times INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  due_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, destination, cause)
) WITHOUT ROWID;

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
