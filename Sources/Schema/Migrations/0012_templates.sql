-- A workspace's own texts, by channel, name and language: a tag in lower case, empty for readers of every language that has
-- none of its own. Only a mail has a subject.
CREATE TABLE message_template (
    workspace TEXT NOT NULL REFERENCES workspace (id),
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    subject TEXT,
    text TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, channel, name, locale)
) /* clustered */;
