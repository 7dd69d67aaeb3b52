-- Sealed challenges stand beside plain ones. Their flow is the dialect that they were made for; a plain one has none.
-- The target bundle is public. A decoy was never sent to anybody.
ALTER TABLE challenge ADD COLUMN flow TEXT NOT NULL DEFAULT '';
ALTER TABLE challenge ADD COLUMN target_bundle TEXT NOT NULL DEFAULT '';
ALTER TABLE challenge ADD COLUMN decoy BIGINT NOT NULL DEFAULT 0;

-- Plain challenges are found by their contact, the newest one; sealed ones by their identifier.
DROP INDEX challenge_contact;
CREATE INDEX challenge_contact ON challenge (workspace, mode, contact, created_at) WHERE flow = '';

-- The sealed challenges that may still be won: counted for a contact, and looked through for those whose time is over.
CREATE INDEX challenge_in_flight ON challenge (workspace, mode, contact, expires_at)
    WHERE flow <> '' AND state = 'pending';
CREATE INDEX challenge_in_flight_expiry ON challenge (expires_at) WHERE flow <> '' AND state = 'pending';

-- What a key that clients pin said, signed, of the one after it. Kept for good: a client may have pinned any of them.
CREATE TABLE signing_key_endorsement (
    workspace TEXT NOT NULL,
    signer TEXT NOT NULL,
    successor TEXT NOT NULL,
    purpose TEXT NOT NULL,
    statement TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, signer, successor)
) /* clustered */;
