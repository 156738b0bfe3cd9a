-- Numbers are never given twice, not even those of deleted rows; PostgreSQL's sequences remember that by themselves.
CREATE TABLE id_floor (kind TEXT PRIMARY KEY, next {int} NOT NULL) {strict};
