-- Where a request came from and whom it was about is sealed, in the column personal: the number of a person's key
-- (8 bytes), then what was sealed under it. The commitment is to what was sealed; both are NULL where an entry has nothing personal.
-- An entry's row is covered by its leaf as a whole.
ALTER TABLE audit_entry DROP COLUMN address;
ALTER TABLE audit_entry DROP COLUMN user_agent;
ALTER TABLE audit_entry ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit_entry ADD COLUMN commitment BYTEA;
ALTER TABLE audit_entry ADD COLUMN personal BYTEA;

-- What is looked up by record or person is found through audit_bundle: an index with a random key costs each change a page
-- of the log that is written ahead.
DROP INDEX audit_entry_permission;

-- The keys of the persons of a workspace, numbered in the order in which they were made (8 bytes, big-endian); the number is
-- the beginning of the personal parts that are sealed under the key. A person may have several: an index that leads to the
-- one that they have would cost each send a page. A key is used for entries of one day. Without its salt a key cannot be derived, and what was sealed under it is
-- unreadable for good: of an erased person only the numbers are left.
CREATE TABLE audit_person (
    workspace TEXT NOT NULL,
    number BYTEA NOT NULL,
    person TEXT,
    salt BYTEA,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, number)
) /* clustered */;

-- What the entries of a full bundle are about, so that a search reads only bundles that may have what it looks for: four
-- bytes of each record's hash, the numbers of the persons' keys, and the times between which they lie.
CREATE TABLE audit_bundle (
    workspace TEXT NOT NULL,
    number BIGINT NOT NULL,
    records BYTEA NOT NULL,
    persons BYTEA NOT NULL,
    earliest BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    PRIMARY KEY (workspace, number)
) /* clustered */;

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
