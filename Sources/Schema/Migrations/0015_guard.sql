-- Ranges to which nothing new is sent for now, so that a restart frees none. A row goes when the stop ends.
CREATE TABLE guard_stop (
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (workspace, kind, name)
) /* clustered */;

-- Numbers whose owner verified a code lately, by digest. A stop does not concern them.
CREATE TABLE verified_contact (
    workspace TEXT NOT NULL,
    contact BYTEA NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, contact)
) /* clustered */;
CREATE INDEX verified_contact_age ON verified_contact (verified_at);
