-- What a code is good for: a token for whoever asked, or the approval page.
ALTER TABLE challenge ADD COLUMN purpose TEXT NOT NULL DEFAULT 'verification';

-- Browsers in which an approver entered a code that was sent to them, by the SHA-256 of what the browser shows.
CREATE TABLE approver_session (
    workspace TEXT NOT NULL,
    digest BYTEA NOT NULL,
    approver TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, digest)
) /* clustered */;
CREATE INDEX approver_session_end ON approver_session (expires_at);
