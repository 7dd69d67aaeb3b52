-- From where a key is accepted, with spaces between addresses and networks; empty for everywhere.
ALTER TABLE api_key ADD COLUMN allowed_addresses TEXT NOT NULL DEFAULT '';
-- What a back end's key may do.
ALTER TABLE api_key ADD COLUMN abilities TEXT NOT NULL DEFAULT 'send verify read';
-- When its owner was told that it is old.
ALTER TABLE api_key ADD COLUMN rotation_reminded_at BIGINT;
-- Days before its end for which its owner was told last.
ALTER TABLE api_key ADD COLUMN expiry_reminder BIGINT;
-- When somebody reported it as seen where it does not belong, who did, and where it was.
ALTER TABLE api_key ADD COLUMN leaked_at BIGINT;
ALTER TABLE api_key ADD COLUMN leak_reporter TEXT NOT NULL DEFAULT '';
ALTER TABLE api_key ADD COLUMN leak_url TEXT NOT NULL DEFAULT '';
