-- Where a workspace's events are sent. What waits for an endpoint is counted here, so that it has a limit; next_due is when
-- the first of it is due, and until claimed_until somebody is delivering. A deleted endpoint keeps its row, emptied, until
-- its deliveries are gone.
CREATE TABLE webhook_endpoint (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    event_types TEXT NOT NULL,
    state TEXT NOT NULL,
    state_reason TEXT NOT NULL,
    waiting BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    dropped BIGINT NOT NULL DEFAULT 0,
    is_full BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    delivered_at BIGINT,
    next_due BIGINT,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* clustered */;
CREATE INDEX webhook_endpoint_due ON webhook_endpoint (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX webhook_endpoint_deleted ON webhook_endpoint (workspace, id) WHERE state = 'deleted';

-- Signing secrets, sealed by the enclave. The one that does not expire is the newest; during a rotation the one before it
-- signs as well until it expires.
CREATE TABLE webhook_secret (
    workspace TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (workspace, endpoint, id),
    FOREIGN KEY (workspace, endpoint) REFERENCES webhook_endpoint (workspace, id)
) /* clustered */;

-- One event for one endpoint. Its id is the event's, the receiver's `webhook-id`, and begins with the event's time.
-- attempts counts all of them, failures those since it was put into the queue or back into it.
CREATE TABLE webhook_delivery (
    workspace TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (workspace, endpoint, id),
    FOREIGN KEY (workspace, endpoint) REFERENCES webhook_endpoint (workspace, id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (workspace, endpoint, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (workspace, endpoint, ended_at) WHERE state = 'dead';
CREATE INDEX webhook_delivery_age ON webhook_delivery (state, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempt (
    workspace TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    delivery TEXT NOT NULL,
    number BIGINT NOT NULL,
    time BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    status BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    PRIMARY KEY (workspace, endpoint, delivery, number),
    FOREIGN KEY (workspace, endpoint, delivery)
        REFERENCES webhook_delivery (workspace, endpoint, id) ON DELETE CASCADE
) /* clustered */;
