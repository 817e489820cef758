-- The network that a lead was sent from, where its form says that it is kept: 24 bits of an IPv4 address, 48 of
-- an IPv6 one. It is no part of the document, which goes to providers.
ALTER TABLE lead ADD COLUMN client_address TEXT;
