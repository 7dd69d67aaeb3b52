-- A person is known by the digest of a contact that they proved; the contact itself is stored nowhere. What belongs to
-- live and to test challenges never meets, so both are told apart in every key.

CREATE TABLE user_account (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    mode TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* clustered */;

-- A contact belongs to one user: of any number of sign-ups one inserts this row.
CREATE TABLE user_contact (
    workspace TEXT NOT NULL,
    mode TEXT NOT NULL,
    contact BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, mode, contact)
) /* clustered */;

-- Public keys (33 bytes) that users registered to stamp requests with. A key belongs to one user.
CREATE TABLE user_key (
    workspace TEXT NOT NULL,
    mode TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (workspace, mode, public_key)
) /* clustered */;
CREATE INDEX user_key_expiry ON user_key (expires_at) WHERE expires_at IS NOT NULL;

-- A session that ended, in whatever way, is not here.
CREATE TABLE user_session (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    mode TEXT NOT NULL,
    flow TEXT NOT NULL,
    user_id TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* clustered */;
CREATE INDEX user_session_age ON user_session (workspace, user_id, created_at);
CREATE INDEX user_session_key ON user_session (workspace, mode, public_key);
CREATE INDEX user_session_expiry ON user_session (expires_at);

-- A verification token serves each purpose once: of any number of parallel uses one inserts this row.
CREATE TABLE token_use (
    workspace TEXT NOT NULL,
    token TEXT NOT NULL,
    purpose TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, token, purpose)
) /* clustered */;
CREATE INDEX token_use_expiry ON token_use (expires_at);
