-- Search: words as handoff/search.py spaces them. A row of `search` is found by the number of its
-- line. FTS5 gives its table a hidden column of the same name, and spells `search MATCH query` as
-- the function `match(query, search)` too; so the same SQL runs on PostgreSQL.

CREATE TABLE search_lines (
    number       INTEGER PRIMARY KEY,
    line         TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL
);

CREATE INDEX search_lines_conversation ON search_lines (conversation);

CREATE VIRTUAL TABLE search USING fts5(words, tokenize = "unicode61 remove_diacritics 0");

CREATE TABLE search_cursor (changed BIGINT NOT NULL);
INSERT INTO search_cursor (changed) VALUES (0);
