-- The way that a lead took through other Leadgates before it came here: their ids of it, the first one first,
-- with commas. It goes on with every delivery, so that no lead comes back as a new one. NULL for a lead that
-- began here; a lead costs no row more.
ALTER TABLE lead ADD COLUMN via TEXT;
