-- What adapters remember, what they have taken in and not yet understood, what they may still send.

CREATE TABLE notes (
    channel TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,                    -- JSON
    contact TEXT NOT NULL DEFAULT '',         -- whom it is about: goes when they go
    expires BIGINT,                           -- NULL: never
    PRIMARY KEY (channel, name)
);

CREATE INDEX notes_contact ON notes (contact);
CREATE INDEX notes_expires ON notes (expires) WHERE expires IS NOT NULL;

CREATE TABLE journal (
    channel TEXT NOT NULL,
    id      TEXT NOT NULL,                    -- the platform's
    body    TEXT NOT NULL,                    -- as it came; '' once it is done
    at      BIGINT NOT NULL,
    place   BIGINT NOT NULL,                  -- among those that came at the same time
    state   TEXT NOT NULL,                    -- new, done, dead
    detail  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, id)
);

CREATE INDEX journal_new ON journal (channel, at, place) WHERE state = 'new';
CREATE INDEX journal_old ON journal (state, at);

ALTER TABLE contacts ADD COLUMN budget TEXT NOT NULL DEFAULT '';  -- JSON: name -> [left, until, of]

ALTER TABLE messages ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;  -- of the budget, on this reply
ALTER TABLE messages ADD COLUMN edited BIGINT;                    -- by the customer, last

CREATE TABLE revisions (
    message  TEXT NOT NULL,                   -- the id of the line
    external TEXT NOT NULL,                   -- the platform's id of the change
    text     TEXT NOT NULL,                   -- as it was before
    at       BIGINT NOT NULL,
    PRIMARY KEY (message, external)
);

-- What goes out when the customer writes.
DROP INDEX messages_held;
CREATE INDEX messages_waiting ON messages (contact) WHERE status IN ('held', 'pending', 'sending');
