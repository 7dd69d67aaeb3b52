-- What a code is for besides its contact, as a digest; empty for nothing in particular.
ALTER TABLE challenge ADD COLUMN claims TEXT NOT NULL DEFAULT '';
-- A JSON object that its sender wants to hear back; empty for none.
ALTER TABLE challenge ADD COLUMN metadata TEXT NOT NULL DEFAULT '';
