-- What a code is for besides its contact, as a digest; empty for nothing in particular.
ALTER TABLE challenge ADD COLUMN claims TEXT NOT NULL DEFAULT '';
-- A JSON object that its sender wants to hear back; empty for none.
ALTER TABLE challenge ADD COLUMN metadata TEXT NOT NULL DEFAULT '';
-- 1 where the code is a test recipient's fixed one.
ALTER TABLE challenge ADD COLUMN fixed BIGINT NOT NULL DEFAULT 0;

-- Contacts to which nothing is sent, with the code that they enter until a day. No person is behind them.
CREATE TABLE test_recipient (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    address TEXT NOT NULL,
    code TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, address)
) /* clustered */;
