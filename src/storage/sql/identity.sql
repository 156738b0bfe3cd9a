-- Sessions and tokens: who asks (architecture.md §6). Only hashes of secrets are stored.

-- name: session.by_hash
-- The person behind a session, then the session.
SELECT p.id, p.version, p.key, p.name, p.email, p.phone, p.language, p.zone, p.organization_id, p.location, p.department,
    p.is_vip, p.roles, p.is_active, p.is_reachable, p.password, p.created_at,
    s.csrf, s.created_at, s.seen_at, s.expires_at
FROM session s JOIN person p ON p.id = s.user_id WHERE s.id_hash = $1;

-- name: session.insert
-- A new session.
INSERT INTO session (id_hash, user_id, csrf, created_at, seen_at, expires_at, address, agent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: session.of_user
-- A person's sessions that have not expired, oldest first.
-- index: session_person
SELECT id_hash, created_at, seen_at, expires_at, address, agent FROM session WHERE user_id = $1 AND expires_at > $2
ORDER BY created_at, id_hash;

-- name: session.touch
-- A session was used.
UPDATE session SET seen_at = $2, expires_at = $3 WHERE id_hash = $1;

-- name: session.delete
-- A session ends.
DELETE FROM session WHERE id_hash = $1;

-- name: session.delete_others
-- All sessions of a person end but one.
-- index: session_person
DELETE FROM session WHERE user_id = $1 AND id_hash <> $2;

-- name: session.delete_of_user
-- All sessions of a person end.
-- index: session_person
DELETE FROM session WHERE user_id = $1;

-- name: session.delete_expired
-- A person's sessions that are over make room.
-- index: session_person
DELETE FROM session WHERE user_id = $1 AND expires_at <= $2;

-- name: token.by_id
-- The person behind a token, then the token.
SELECT p.id, p.version, p.key, p.name, p.email, p.phone, p.language, p.zone, p.organization_id, p.location, p.department,
    p.is_vip, p.roles, p.is_active, p.is_reachable, p.password, p.created_at,
    t.secret_hash, t.scopes, t.expires_at, t.last_used_at, t.is_active
FROM token t JOIN person p ON p.id = t.user_id WHERE t.id = $1;

-- name: token.insert
-- A new token.
INSERT INTO token (id, secret_hash, user_id, name, scopes, created_at, expires_at, last_used_at, is_active)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1);

-- name: token.one
-- One token that is not revoked, with its person.
SELECT t.id, t.user_id, p.key, p.name, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at
FROM token t JOIN person p ON p.id = t.user_id WHERE t.id = $1 AND t.is_active = 1;

-- name: token.all
-- Everybody's tokens that are not revoked, after one.
SELECT t.id, t.user_id, p.key, p.name, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at
FROM token t JOIN person p ON p.id = t.user_id WHERE t.is_active = 1 AND t.id > $1 ORDER BY t.id LIMIT $2;

-- name: token.of_user
-- One person's tokens that are not revoked, after one.
-- index: token_user
SELECT t.id, t.user_id, p.key, p.name, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at
FROM token t JOIN person p ON p.id = t.user_id WHERE t.user_id = $1 AND t.is_active = 1 AND t.id > $2 ORDER BY t.id LIMIT $3;

-- name: token.revoke
-- A token is good for nothing any more.
UPDATE token SET is_active = 0 WHERE id = $1;

-- name: token.revoke_of_user
-- All tokens of a person are.
-- index: token_user
UPDATE token SET is_active = 0 WHERE user_id = $1;

-- name: token.touch
-- A token was used.
UPDATE token SET last_used_at = $2 WHERE id = $1;
