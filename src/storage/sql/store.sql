-- What the engines themselves need (storage.md §1, §2).

-- name: store.entry_insert
-- One row of the timeline at the position that the writer gives it (SQLite).
-- engine: sqlite
INSERT INTO entry (pos, subject, subject_id, seq, at, recorded_at, actor_id, via, kind, public, inferred, data,
    scope_before, scope_after, unit_key, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: store.entry_text_insert
-- One erasable text of an entry.
INSERT INTO entry_text (pos, field, salt, text) VALUES ($1, $2, $3, $4);

-- name: store.config_version
-- The version of the configuration that changes are decided on.
SELECT config_version FROM desk WHERE one = 1;

-- name: store.raise_config
-- The configuration has changed.
UPDATE desk SET config_version = config_version + 1 WHERE one = 1;

-- name: store.last_pos
-- The position of the newest entry, 0 in an empty feed.
SELECT COALESCE(MAX(pos), 0) FROM entry;

-- name: store.last_anchor
-- The newest anchor of the chain.
SELECT n, pos_to, hash FROM anchor ORDER BY n DESC LIMIT 1;

-- name: store.desk
-- Who this desk is.
SELECT desk_id, epoch FROM desk WHERE one = 1;

-- name: store.new_epoch
-- After a restore: positions of the old feed mean nothing any more.
UPDATE desk SET epoch = $1 WHERE one = 1;

-- name: store.id_floor
-- The first number of a kind that no run of the program has given out.
-- engine: sqlite
SELECT next FROM id_floor WHERE kind = $1;

-- name: store.raise_id_floor
-- Numbers below have been given out, also those whose rows are deleted again.
-- engine: sqlite
INSERT INTO id_floor (kind, next) VALUES ($1, $2)
ON CONFLICT (kind) DO UPDATE SET next = excluded.next WHERE next < excluded.next;
