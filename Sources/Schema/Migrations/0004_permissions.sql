-- The agent or approver that a key belongs to; empty for a key of the workspace's own.
ALTER TABLE api_key ADD COLUMN holder TEXT NOT NULL DEFAULT '';
CREATE INDEX api_key_holder ON api_key (workspace, holder) WHERE holder <> '';

-- Entries about agents are looked up by agent and by permission.
ALTER TABLE audit_entry ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_entry_agent ON audit_entry (workspace, agent, sequence) WHERE agent <> '';
CREATE INDEX audit_entry_permission ON audit_entry (workspace, record, sequence) WHERE agent <> '';

-- An agent that was deleted keeps its row, emptied, until its permissions are gone.
CREATE TABLE agent (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    originator TEXT NOT NULL,
    client_key BYTEA,
    allowed_addresses TEXT NOT NULL,
    rate_limit BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (workspace, id)
) /* clustered */;

-- A workspace whose agents may do nothing: its kill switch is on.
CREATE TABLE agent_stop (
    workspace TEXT NOT NULL,
    stopped_at BIGINT NOT NULL,
    PRIMARY KEY (workspace)
) /* clustered */;

-- People who decide, and people behind agents. The address is where their one-time codes go.
CREATE TABLE approver (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* clustered */;
CREATE UNIQUE INDEX approver_address ON approver (workspace, address);

-- The position orders what priority and action leave open.
CREATE TABLE policy (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* clustered */;

-- What a policy said when a permission was decided by it, deleted ones included.
CREATE TABLE policy_version (
    workspace TEXT NOT NULL,
    policy TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, policy, version)
) /* clustered */;

-- Counts the changes of a workspace's policies, so that nobody overwrites what they have not seen.
CREATE TABLE policy_set (
    workspace TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace)
) /* clustered */;

-- An id begins with the time of its making, so that new rows stand together and a period is a range of ids.
CREATE TABLE permission (
    workspace TEXT NOT NULL,
    id TEXT NOT NULL,
    mode TEXT NOT NULL,
    agent TEXT NOT NULL,
    api_key TEXT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT,
    scope TEXT NOT NULL,
    context TEXT NOT NULL,
    digest BYTEA NOT NULL,
    status TEXT NOT NULL,
    granted TEXT,
    reason TEXT,
    policy TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    approvals_needed BIGINT NOT NULL,
    match_number TEXT,
    wrong_numbers BIGINT NOT NULL DEFAULT 0,
    statement TEXT,
    decision TEXT,
    decided_by TEXT,
    channel TEXT,
    decided_at BIGINT,
    token_format TEXT NOT NULL,
    token BYTEA,
    uses_left BIGINT NOT NULL CHECK (uses_left >= 0),
    uses BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX permission_agent ON permission (workspace, agent, id);
CREATE INDEX permission_open ON permission (expires_at) WHERE status IN ('pending', 'approved');
-- Of any number of identical requests at the same time one asks a person.
CREATE UNIQUE INDEX permission_pending ON permission (workspace, agent, mode, digest) WHERE status = 'pending';
-- A page or a stream knows a request that people decide by its id alone.
CREATE UNIQUE INDEX permission_prompt ON permission (id) WHERE approvals_needed > 0;

-- A person approves a request once.
CREATE TABLE permission_approval (
    workspace TEXT NOT NULL,
    permission TEXT NOT NULL,
    person TEXT NOT NULL,
    channel TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, permission, person)
) /* clustered */;

CREATE TABLE permission_request (
    workspace TEXT NOT NULL,
    agent TEXT NOT NULL,
    idempotency_key BYTEA NOT NULL,
    body BYTEA NOT NULL,
    permission TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, agent, idempotency_key)
) /* clustered */;
CREATE INDEX permission_request_age ON permission_request (created_at);

-- Keys that were refused, by minute: of an agent where the key is one of its own, else of nobody.
CREATE TABLE failed_authentication (
    workspace TEXT NOT NULL,
    agent TEXT NOT NULL,
    minute BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (workspace, agent, minute)
) /* clustered */;
CREATE INDEX failed_authentication_age ON failed_authentication (minute);
