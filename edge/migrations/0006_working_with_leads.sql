-- Finding, counting and changing leads, and the clients that they become.

-- What leads are found by, beside the document that says it: an index over these columns answers lists,
-- counts and statistics without a document being read. Source and campaign are cut to 100 characters.
ALTER TABLE lead ADD COLUMN interest_level TEXT;
ALTER TABLE lead ADD COLUMN intent TEXT;
ALTER TABLE lead ADD COLUMN source TEXT;
ALTER TABLE lead ADD COLUMN campaign TEXT;

-- When the personal data was erased. NULL for a lead that still says something.
ALTER TABLE lead ADD COLUMN erased_at INTEGER;

UPDATE lead SET
  interest_level = document ->> '$.interest_level',
  intent = document ->> '$.intent',
  source = substr(document ->> '$.source', 1, 100),
  campaign = substr(document ->> '$.attribution.utm_campaign', 1, 100);

-- The one index that accepting a lead has to write (docs/decisions/0010-one-index-to-find-leads-by.md).
-- It holds every column that a filter or a statistic looks at.
CREATE INDEX lead_overview ON lead
  (form, id, status, quarantined_at, erased_at, interest_level, intent, source, campaign, created_at);

-- A new lead is stored with these columns; whoever changes its document cannot forget them.
CREATE TRIGGER a_lead_says_something_else AFTER UPDATE OF document ON lead
WHEN NEW.interest_level IS NOT NEW.document ->> '$.interest_level'
  OR NEW.intent IS NOT NEW.document ->> '$.intent'
  OR NEW.source IS NOT substr(NEW.document ->> '$.source', 1, 100)
  OR NEW.campaign IS NOT substr(NEW.document ->> '$.attribution.utm_campaign', 1, 100)
BEGIN
  UPDATE lead SET
    interest_level = NEW.document ->> '$.interest_level',
    intent = NEW.document ->> '$.intent',
    source = substr(NEW.document ->> '$.source', 1, 100),
    campaign = substr(NEW.document ->> '$.attribution.utm_campaign', 1, 100)
  WHERE id = NEW.id;
END;

-- A person that leads of one form are about, as far as they became clients. `email` is in lower case;
-- `phone` is as it was typed.
CREATE TABLE contact (
  id TEXT PRIMARY KEY,
  form TEXT NOT NULL,
  name TEXT,
  email TEXT,
  phone TEXT,
  phone_e164 TEXT,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX contact_by_email ON contact (form, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX contact_by_phone ON contact (form, phone_e164) WHERE phone_e164 IS NOT NULL;

-- What a lead became: at most one client.
CREATE TABLE client (
  lead_id TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('buyer', 'seller', 'both')),
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX client_of_contact ON client (contact_id);
