-- Where a request came from and whom it was about is sealed, in the column personal: the id of the person's key (8 bytes),
-- then what was sealed under it. The commitment is to what was sealed; both are NULL where an entry has nothing personal.
-- An entry's row is covered by its leaf as a whole.
ALTER TABLE audit_entry DROP COLUMN address;
ALTER TABLE audit_entry DROP COLUMN user_agent;
ALTER TABLE audit_entry ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit_entry ADD COLUMN commitment BYTEA;
ALTER TABLE audit_entry ADD COLUMN personal BYTEA;

DROP INDEX audit_entry_permission;
CREATE INDEX audit_entry_record ON audit_entry (workspace, record, sequence);
CREATE INDEX audit_entry_person ON audit_entry (workspace, substr(personal, 1, 8), sequence)
    WHERE personal IS NOT NULL;

-- The key of each person in a workspace, wrapped. Whoever deletes a row makes all that was sealed under it unreadable, and
-- nothing says any more whose it was.
CREATE TABLE audit_person (
    workspace TEXT NOT NULL,
    person TEXT NOT NULL,
    key_id BYTEA NOT NULL,
    wrapped_key BYTEA NOT NULL,
    PRIMARY KEY (workspace, person)
) /* clustered */;
CREATE UNIQUE INDEX audit_person_key ON audit_person (workspace, key_id);

-- The tree over a workspace's entries, up to its last checkpoint: up to 256 hashes of 32 bytes, one after the other.
CREATE TABLE audit_tile (
    workspace TEXT NOT NULL,
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (workspace, level, number)
);

-- A workspace's log as its last checkpoint says. Entries in front of minimum are gone for good.
CREATE TABLE audit_log (
    workspace TEXT NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    checkpoint TEXT NOT NULL,
    verifier_key TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    minimum BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace)
) /* clustered */;
