-- Times are Unix milliseconds. A table marked /* clustered */ keeps its rows in the order of its primary key, where the
-- database can (SQLite: WITHOUT ROWID). Every table's primary key starts with the workspace; '-' stands for the whole instance.

CREATE TABLE installation (
    workspace TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace, name)
);

CREATE TABLE workspace (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    subscription TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_key (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX api_key_digest ON api_key (digest);

CREATE TABLE signing_key (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    state TEXT NOT NULL,
    public_key TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    activated_at BIGINT,
    retired_at BIGINT,
    PRIMARY KEY (workspace, id)
);

-- One key signs and one is next, for each purpose, whoever rotates at the same time.
CREATE UNIQUE INDEX signing_key_role ON signing_key (workspace, purpose, state) WHERE state <> 'retired';

CREATE TABLE challenge (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    mode TEXT NOT NULL,
    contact BYTEA NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    boot BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    attempt_limit BIGINT NOT NULL,
    earlier_failures BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (workspace, id)
) /* clustered */;
CREATE INDEX challenge_contact ON challenge (workspace, mode, contact, created_at);
CREATE INDEX challenge_expiry ON challenge (expires_at);

-- Attempts stand apart from challenges, because a contact without a challenge is counted in the same way, by the same
-- statement and in the same time. The subject is a challenge's id or, where nothing was sent, the contact's digest.
CREATE TABLE attempt_count (
    workspace TEXT NOT NULL,
    subject TEXT NOT NULL,
    used BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, subject)
) /* clustered */;
CREATE INDEX attempt_count_expiry ON attempt_count (expires_at);

CREATE TABLE send_request (
    workspace TEXT NOT NULL,
    idempotency_key BYTEA NOT NULL,
    body BYTEA NOT NULL,
    challenge TEXT NOT NULL,
    finished BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, idempotency_key)
) /* clustered */;
CREATE INDEX send_request_age ON send_request (created_at);

CREATE TABLE monthly_use (
    workspace TEXT NOT NULL,
    month TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (workspace, month)
) /* clustered */;

-- full_at is the moment at which the allowance is whole again (the generic cell rate algorithm's arrival time).
CREATE TABLE allowance (
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    full_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, kind, subject)
) /* clustered */;
CREATE INDEX allowance_age ON allowance (full_at);

CREATE TABLE audit_entry (
    workspace TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    time BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    record TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request TEXT NOT NULL,
    address TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (workspace, sequence)
) /* clustered */;
