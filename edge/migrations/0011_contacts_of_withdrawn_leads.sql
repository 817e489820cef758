-- Who withdrew a consent and comes again, with a new one, is a lead of their own. Withdrawing frees the contacts of a
-- lead; those of leads that were withdrawn before it did are freed here.
DELETE FROM duplicate_guard WHERE lead_id IN (SELECT id FROM lead WHERE withdrawn_at IS NOT NULL);
