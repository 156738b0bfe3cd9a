-- Lexemes of one incident; storage/search/postgres_search.hpp says what they are. The column is added apart: its type is this
-- engine's alone.
CREATE TABLE search_doc (incident_id {int} PRIMARY KEY) {strict};
ALTER TABLE search_doc ADD lexemes tsvector NOT NULL;
-- What is not merged into the index yet is read by every search: 1 MB of it at most.
CREATE INDEX search_doc_lexemes ON search_doc USING gin (lexemes) WITH (gin_pending_list_limit = 1024);
-- How far the index follows the feed; one row, none where nothing was indexed yet.
CREATE TABLE search_place (one {int} PRIMARY KEY, epoch TEXT NOT NULL, pos {int} NOT NULL) {strict};
