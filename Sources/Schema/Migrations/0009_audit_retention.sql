-- How long a workspace's audit log is kept: from the entry `sequence` on, which was written at set_at, by this rule, and
-- under legal hold or not. The last row holds now; earlier ones stay as long as entries are there that were written under
-- them. A workspace without a row keeps everything.
CREATE TABLE audit_retention (
    workspace TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    rule TEXT NOT NULL,
    held BIGINT NOT NULL,
    PRIMARY KEY (workspace, sequence)
) /* clustered */;
