-- What was sent and what came of it, by hour and by one of: channel, country, prefix, provider, application. Time is when
-- the code was asked for, in whole hours since 1970. What has too many values has a row 'other'.
CREATE TABLE passcode_statistic (
    workspace TEXT NOT NULL,
    hour BIGINT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    sent BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    verified BIGINT NOT NULL,
    -- Verified codes by how long it took: up to 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300 seconds, and longer.
    within_5 BIGINT NOT NULL,
    within_10 BIGINT NOT NULL,
    within_15 BIGINT NOT NULL,
    within_20 BIGINT NOT NULL,
    within_30 BIGINT NOT NULL,
    within_45 BIGINT NOT NULL,
    within_60 BIGINT NOT NULL,
    within_90 BIGINT NOT NULL,
    within_120 BIGINT NOT NULL,
    within_180 BIGINT NOT NULL,
    within_300 BIGINT NOT NULL,
    later BIGINT NOT NULL,
    PRIMARY KEY (workspace, hour, dimension, value)
) /* clustered */;
CREATE INDEX passcode_statistic_hour ON passcode_statistic (hour);

-- The ranges that a code was counted under: how, country, prefix, network, application, with tabs between them. Empty for
-- mail and in test.
ALTER TABLE challenge ADD COLUMN traits TEXT NOT NULL DEFAULT '';
