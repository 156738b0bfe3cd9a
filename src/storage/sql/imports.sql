-- The import of another desk's history (docs/import.md).

-- name: import.known_refs
-- Which of these references an earlier run has brought.
-- engine: sqlite
SELECT external_ref FROM origin WHERE source = $1 AND external_ref IN (SELECT value FROM json_each($2));

-- name: import.known_refs
-- Which of these references an earlier run has brought.
-- engine: postgres
SELECT external_ref FROM origin WHERE source = $1 AND external_ref = ANY ($2);

-- name: import.people_by_name
-- People by folded name.
-- engine: sqlite
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE name_folded IN (SELECT value FROM json_each($1)) ORDER BY id;

-- name: import.people_by_name
-- People by folded name.
-- engine: postgres
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE name_folded = ANY ($1) ORDER BY id;

-- name: import.people_by_email
-- People by folded address.
-- engine: sqlite
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE email_folded <> '' AND email_folded IN (SELECT value FROM json_each($1)) ORDER BY id;

-- name: import.people_by_email
-- People by folded address.
-- engine: postgres
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE email_folded <> '' AND email_folded = ANY ($1) ORDER BY id;

-- name: import.people_by_key
-- People by key.
-- engine: sqlite
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE key IN (SELECT value FROM json_each($1)) ORDER BY id;

-- name: import.people_by_key
-- People by key.
-- engine: postgres
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE key = ANY ($1) ORDER BY id;

-- name: origin.insert
-- Where an incident came from, and what its source wrote of it; the reference makes a repeated import harmless.
INSERT INTO origin (source, external_ref, incident_id, recorded) VALUES ($1, $2, $3, $4);

-- name: import_run.put
-- Rows of a source that belong to no incident, as its last complete import has counted them.
-- alone
INSERT INTO import_run (source, rows, rows_not_understood, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (source) DO UPDATE SET rows = excluded.rows, rows_not_understood = excluded.rows_not_understood, at = excluded.at;
