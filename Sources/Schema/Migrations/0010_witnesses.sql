-- A workspace's newest checkpoint with cosignatures of witnesses, a signed note. The log may have grown since.
CREATE TABLE audit_cosigned (
    workspace TEXT NOT NULL,
    size BIGINT NOT NULL,
    checkpoint TEXT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    PRIMARY KEY (workspace)
) /* clustered */;
