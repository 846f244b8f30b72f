-- Instants are milliseconds since 1970. Ids are made by us and sort by time.

CREATE TABLE contacts (
    id          TEXT PRIMARY KEY,             -- a hash of channel and platform_id
    channel     TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,
    first_seen  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL
);

CREATE TABLE conversations (
    id            TEXT PRIMARY KEY,
    contact       TEXT NOT NULL REFERENCES contacts (id),
    channel       TEXT NOT NULL,
    mode          TEXT NOT NULL,
    team          TEXT,
    assignee      TEXT,
    led           BIGINT NOT NULL DEFAULT 0,  -- by a person: the bot is silent until given back
    priority      BIGINT NOT NULL DEFAULT 0,
    misses        BIGINT NOT NULL DEFAULT 0,
    seq           BIGINT NOT NULL,            -- the last line
    handled       BIGINT NOT NULL,            -- the last customer line the router has seen
    opened        BIGINT NOT NULL,
    waiting_since BIGINT,
    owed_since    BIGINT,
    closed        BIGINT,
    outcome       TEXT,
    summary       TEXT,
    rating        BIGINT,
    comment       TEXT,
    due           BIGINT,                     -- when a worker must look; NULL: nothing to do
    failures      BIGINT NOT NULL DEFAULT 0,  -- times in a row that a worker failed on it
    lease         BIGINT NOT NULL DEFAULT 0,  -- a worker has it until then
    token         BIGINT NOT NULL DEFAULT 0,  -- goes up with each lease: fences late writers
    changed       BIGINT NOT NULL
);

CREATE UNIQUE INDEX conversations_open ON conversations (contact) WHERE mode <> 'closed';
CREATE INDEX conversations_work ON conversations (channel, due) WHERE due IS NOT NULL;
CREATE INDEX conversations_mode ON conversations (mode, waiting_since);
CREATE INDEX conversations_assignee ON conversations (assignee, mode);
CREATE INDEX conversations_changed ON conversations (changed);
CREATE INDEX conversations_contact ON conversations (contact, opened);

CREATE TABLE messages (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    seq          BIGINT NOT NULL,
    id           TEXT NOT NULL UNIQUE,
    contact      TEXT NOT NULL,
    channel      TEXT NOT NULL,
    author       TEXT NOT NULL,
    external     TEXT,                        -- the platform's id, or an agent's client's
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    text         TEXT NOT NULL,
    choice       TEXT NOT NULL DEFAULT '',
    rich         TEXT NOT NULL DEFAULT '',    -- JSON: suggestions and attachments
    routed       TEXT NOT NULL DEFAULT '',    -- what the router made of it, or made it of
    private      BIGINT NOT NULL DEFAULT 0,
    at           BIGINT NOT NULL,
    status       TEXT,                        -- of a reply
    attempts     BIGINT NOT NULL DEFAULT 0,
    refused      BIGINT NOT NULL DEFAULT 0,   -- attempts that count against it
    due          BIGINT NOT NULL DEFAULT 0,   -- not to be sent before
    resent       BIGINT NOT NULL DEFAULT 0,   -- once already, after its fate was unknown
    detail       TEXT NOT NULL DEFAULT '',
    changed      BIGINT NOT NULL,
    PRIMARY KEY (conversation, seq),
    UNIQUE (channel, author, external)
);

CREATE INDEX messages_contact ON messages (contact, seq);
CREATE INDEX messages_changed ON messages (changed);
CREATE INDEX messages_outbox ON messages (contact, seq)
    WHERE status IN ('pending', 'sending');
CREATE INDEX messages_held ON messages (contact) WHERE status = 'held';
CREATE INDEX messages_stuck ON messages (status, at) WHERE status IN ('dead', 'unknown', 'held');

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
