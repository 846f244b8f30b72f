-- Search: words as handoff/search.py spaces them. `match(query, search)` takes what FTS5 takes too, a
-- phrase whose last word may go on: "眼 镜"*

CREATE TABLE search_lines (
    number       BIGSERIAL PRIMARY KEY,
    line         TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL
);

CREATE INDEX search_lines_conversation ON search_lines (conversation);

CREATE TABLE search (
    rowid  BIGINT PRIMARY KEY,
    words  TEXT NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED
);

CREATE INDEX search_search ON search USING gin (search);

CREATE FUNCTION match(query TEXT, search tsvector) RETURNS boolean LANGUAGE sql IMMUTABLE AS
'SELECT search @@ to_tsquery(''simple'', replace(btrim(query, ''"*''), '' '', '' <-> '') || '':*'')';

CREATE TABLE search_cursor (changed BIGINT NOT NULL);
INSERT INTO search_cursor (changed) VALUES (0);
