-- Files that customers and agents send; the bytes lie in a folder, under these ids.

CREATE TABLE files (
    id      TEXT PRIMARY KEY,                 -- 128 random bits: nothing of it can be guessed
    contact TEXT NOT NULL,                    -- whose chat it is from; '': everybody's, of the FAQ
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,                    -- what its sender calls it: for people, never a path
    type    TEXT NOT NULL,                    -- by its first bytes
    size    BIGINT NOT NULL,
    sha256  TEXT NOT NULL,
    ours    BIGINT NOT NULL,                  -- we sent it: it is not the customer's to answer for
    used    BIGINT NOT NULL DEFAULT 0,        -- a line is known to name it
    at      BIGINT NOT NULL
);

CREATE INDEX files_contact ON files (contact, at);
CREATE INDEX files_at ON files (at);
CREATE INDEX files_unused ON files (at) WHERE used = 0;
CREATE UNIQUE INDEX files_shared ON files (sha256) WHERE contact = '';
