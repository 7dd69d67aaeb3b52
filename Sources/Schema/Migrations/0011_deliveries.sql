-- One row per message that was tried. It is written before the first try, so that what was under way when a host died is
-- found at the next start.
CREATE TABLE delivery (
    workspace TEXT NOT NULL,
    challenge TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    channel TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- The provider's own name for the message; empty where it gave none.
    message TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    settled_at BIGINT,
    reported_at BIGINT,
    PRIMARY KEY (workspace, challenge, attempt)
) /* clustered */;
CREATE INDEX delivery_message ON delivery (provider, message) WHERE message <> '';
CREATE INDEX delivery_pending ON delivery (started_at) WHERE state = 'pending';

-- The channels over which a code may go out, with slashes between them; empty where it is the one in channel.
ALTER TABLE challenge ADD COLUMN route TEXT NOT NULL DEFAULT '';
