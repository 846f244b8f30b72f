-- The desk: who works at it, who is signed in, what they have read and done.

CREATE TABLE agents (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    login       TEXT NOT NULL UNIQUE,         -- the name, folded
    role        TEXT NOT NULL,
    password    TEXT NOT NULL,                -- scrypt
    must_change BIGINT NOT NULL DEFAULT 0,
    status      TEXT NOT NULL,                -- what they chose; offline without a socket
    teams       TEXT NOT NULL,                -- JSON: a list of ids
    capacity    BIGINT NOT NULL,
    seen        BIGINT NOT NULL DEFAULT 0,    -- a socket of theirs was open then
    created     BIGINT NOT NULL,
    disabled    BIGINT
);

CREATE TABLE sessions (
    id      TEXT PRIMARY KEY,                 -- SHA-256 of the cookie
    agent   TEXT NOT NULL REFERENCES agents (id),
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE INDEX sessions_agent ON sessions (agent);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE api_tokens (
    id      TEXT PRIMARY KEY,
    agent   TEXT NOT NULL REFERENCES agents (id),
    name    TEXT NOT NULL,
    hash    TEXT NOT NULL UNIQUE,             -- SHA-256 of the token
    created BIGINT NOT NULL
);

CREATE INDEX api_tokens_agent ON api_tokens (agent);

CREATE TABLE login_failures (
    id      TEXT PRIMARY KEY,
    login   TEXT NOT NULL,
    address TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE INDEX login_failures_login ON login_failures (login, at);
CREATE INDEX login_failures_address ON login_failures (address, at);
CREATE INDEX login_failures_at ON login_failures (at);

CREATE TABLE read_marks (
    agent        TEXT NOT NULL REFERENCES agents (id),
    conversation TEXT NOT NULL REFERENCES conversations (id),
    seq          BIGINT NOT NULL,
    PRIMARY KEY (agent, conversation)
);

CREATE INDEX read_marks_conversation ON read_marks (conversation);

CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,                    -- an agent's id, '' for the program itself
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,                    -- the id of what it was done to
    address TEXT NOT NULL,
    detail  TEXT NOT NULL
);

CREATE INDEX audit_at ON audit (at);

CREATE TABLE tombstones (
    contact TEXT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL
);

CREATE INDEX conversations_owed ON conversations (owed_since) WHERE owed_since IS NOT NULL;
CREATE INDEX conversations_closed ON conversations (closed) WHERE closed IS NOT NULL;

-- The live view pages through what changed in this order.
DROP INDEX conversations_changed;
DROP INDEX messages_changed;
CREATE INDEX conversations_log ON conversations (changed, id);
CREATE INDEX messages_log ON messages (changed, id);
