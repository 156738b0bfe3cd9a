-- The desk's configuration and its people (storage.md §6).

-- name: desk.load
-- Who this desk is, and the version of its configuration.
SELECT desk_id, epoch, config_version FROM desk WHERE one = 1;

-- name: desk.secret
-- What signs cursors and links.
SELECT secret FROM desk WHERE one = 1;

-- name: desk.insert
-- The one desk of a database, at configuration 0 until the change that makes it raises it.
INSERT INTO desk (one, desk_id, epoch, config_version, created_at, secret) VALUES (1, $1, $2, 0, $3, $4);

-- name: person.staff
-- Everybody with a role beyond requester, active or not.
-- index: person_staff
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE is_staff = 1 ORDER BY id;

-- name: person.by_id
-- One person.
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE id = $1;

-- name: person.by_key
-- One person by key.
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE key = $1;

-- name: person.by_email
-- One person by folded address; who is active comes before who has left.
-- index: person_email
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE email_folded = $1 AND email_folded <> '' ORDER BY is_active DESC, id LIMIT 1;

-- name: person.requester_of
-- The requester of an incident.
SELECT p.id, p.version, p.key, p.name, p.email, p.phone, p.language, p.zone, p.organization_id, p.location, p.department,
    p.is_vip, p.roles, p.is_active, p.is_reachable, p.password, p.created_at
FROM incident i JOIN person p ON p.id = i.requester_id WHERE i.id = $1;

-- name: person.names
-- Key and name of some people.
-- engine: sqlite
SELECT id, key, name FROM person WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id;

-- name: person.names
-- Key and name of some people.
-- engine: postgres
SELECT id, key, name FROM person WHERE id = ANY (CAST($1 AS BIGINT[])) ORDER BY id;

-- name: person.list
-- People by key after one; $2 active (-1: both), $3 start of a word ('' = all), $4 ",role," ('' = all), $5 organization (0 = all).
-- A twin: the engines name the search for a part of a text differently.
-- engine: sqlite
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person
WHERE key > $1 AND ($2 = -1 OR is_active = $2)
    AND ($3 = '' OR instr(replace(replace(replace(' ' || name_folded || ' ' || key || ' ' || email_folded, '-', ' '), '.', ' '),
        '@', ' '), $3) > 0)
    AND ($4 = '' OR instr(',' || roles || ',', $4) > 0) AND ($5 = 0 OR organization_id = $5)
ORDER BY key LIMIT $6;

-- name: person.list
-- People by key after one; $2 active (-1: both), $3 start of a word ('' = all), $4 ",role," ('' = all), $5 organization (0 = all).
-- A twin: the engines name the search for a part of a text differently.
-- engine: postgres
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person
WHERE key > $1 AND (CAST($2 AS BIGINT) = -1 OR is_active = CAST($2 AS BIGINT))
    AND (CAST($3 AS TEXT) = '' OR strpos(replace(replace(replace(' ' || name_folded || ' ' || key || ' ' || email_folded, '-', ' '),
        '.', ' '), '@', ' '), CAST($3 AS TEXT)) > 0)
    AND (CAST($4 AS TEXT) = '' OR strpos(',' || roles || ',', CAST($4 AS TEXT)) > 0)
    AND (CAST($5 AS BIGINT) = 0 OR organization_id = CAST($5 AS BIGINT))
ORDER BY key LIMIT $6;

-- name: person.insert
-- A new person.
INSERT INTO person (id, version, key, name, name_folded, email, email_folded, phone, language, zone, organization_id, location,
    department, is_vip, roles, is_staff, is_active, is_reachable, password, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- name: person.update
-- A person as they are now.
UPDATE person SET version = $2, key = $3, name = $4, name_folded = $5, email = $6, email_folded = $7, phone = $8, language = $9,
    zone = $10, organization_id = $11, location = $12, department = $13, is_vip = $14, roles = $15, is_staff = $16,
    is_active = $17, is_reachable = $18, password = $19, created_at = $20
WHERE id = $1;

-- name: team.all
-- All teams, dissolved ones too.
SELECT id, version, key, name, public_name, tier, mode, is_active, successor_id FROM team ORDER BY id;

-- name: team.members
-- Who is in which team, each person's teams in their own order.
SELECT team_id, user_id, is_lead FROM team_member ORDER BY user_id, rank, team_id;

-- name: team.insert
-- A new team.
INSERT INTO team (id, version, key, name, public_name, tier, mode, is_active, successor_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: team.update
-- A team as it is now.
UPDATE team SET version = $2, key = $3, name = $4, public_name = $5, tier = $6, mode = $7, is_active = $8, successor_id = $9
WHERE id = $1;

-- name: team_member.put
-- A person's place in a team: whether they lead it, and which of their teams it is.
INSERT INTO team_member (team_id, user_id, is_lead, rank) VALUES ($1, $2, $3, $4)
ON CONFLICT (team_id, user_id) DO UPDATE SET is_lead = excluded.is_lead, rank = excluded.rank;

-- name: team_member.delete
-- A person leaves a team.
DELETE FROM team_member WHERE team_id = $1 AND user_id = $2;

-- name: category.all
-- The category tree.
SELECT id, version, key, name, parent_id, portal_label, is_restricted, team_id, is_active FROM category ORDER BY id;

-- name: category.insert
-- A new category.
INSERT INTO category (id, version, key, name, parent_id, portal_label, is_restricted, team_id, is_active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: category.update
-- A category as it is now.
UPDATE category SET version = $2, key = $3, name = $4, parent_id = $5, portal_label = $6, is_restricted = $7, team_id = $8,
    is_active = $9
WHERE id = $1;

-- name: service.all
-- All services.
SELECT id, version, key, name, owner_team_id, support_team_id, criticality, is_active FROM service ORDER BY id;

-- name: service.insert
-- A new service.
INSERT INTO service (id, version, key, name, owner_team_id, support_team_id, criticality, is_active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: service.update
-- A service as it is now.
UPDATE service SET version = $2, key = $3, name = $4, owner_team_id = $5, support_team_id = $6, criticality = $7, is_active = $8
WHERE id = $1;

-- name: organization.all
-- All organizations.
SELECT id, version, key, name, shares_incidents, is_active FROM organization ORDER BY id;

-- name: organization.insert
-- A new organization.
INSERT INTO organization (id, version, key, name, shares_incidents, is_active) VALUES ($1, $2, $3, $4, $5, $6);

-- name: organization.update
-- An organization as it is now.
UPDATE organization SET version = $2, key = $3, name = $4, shares_incidents = $5, is_active = $6 WHERE id = $1;

-- name: tag.by_key
-- One tag.
SELECT id, key, name, is_active FROM tag WHERE key = $1;

-- name: tag.list
-- Tags by key after one; $2 active (-1: both).
SELECT id, key, name, is_active FROM tag
WHERE key > $1 AND (CAST($2 AS BIGINT) = -1 OR is_active = CAST($2 AS BIGINT)) ORDER BY key LIMIT $3;

-- name: tag.insert
-- A new tag.
INSERT INTO tag (id, key, name, is_active) VALUES ($1, $2, $3, $4);

-- name: tag.update
-- A tag as it is now.
UPDATE tag SET key = $2, name = $3, is_active = $4 WHERE id = $1;

-- name: priority_cell.all
-- The priority matrix.
SELECT impact, urgency, priority FROM priority_cell ORDER BY impact, urgency;

-- name: priority_cell.put
-- One cell of the matrix.
INSERT INTO priority_cell (impact, urgency, priority) VALUES ($1, $2, $3)
ON CONFLICT (impact, urgency) DO UPDATE SET priority = excluded.priority;

-- name: setting.all
-- All settings that were ever set.
SELECT name, value FROM setting ORDER BY name;

-- name: setting.put
-- One setting.
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: entry.last_hash_of
-- The hash of a record's newest entry, where its chain goes on.
-- index: entry_seq
SELECT hash FROM entry WHERE subject = $1 AND subject_id = $2 ORDER BY seq DESC LIMIT 1;

-- name: entry.last_seq_of
-- How many entries a record has.
-- index: entry_seq
SELECT seq FROM entry WHERE subject = $1 AND subject_id = $2 ORDER BY seq DESC LIMIT 1;

-- name: audit.before
-- Entries about the desk before a position, newest first.
-- index: entry_audit
SELECT pos, subject, subject_id, kind, at, actor_id, via, data, hash FROM entry
WHERE pos < $1 AND subject <> 'incident' ORDER BY pos DESC LIMIT $2;

-- name: audit.texts
-- The texts of some entries.
-- engine: sqlite
SELECT pos, field, text FROM entry_text WHERE pos IN (SELECT value FROM json_each($1)) ORDER BY pos, field;

-- name: audit.texts
-- The texts of some entries.
-- engine: postgres
SELECT pos, field, text FROM entry_text WHERE pos = ANY (CAST($1 AS BIGINT[])) ORDER BY pos, field;

-- name: leaver.job_put
-- A person left or a team was dissolved: their incidents follow by a job.
INSERT INTO job (kind, key, due_at, lease, lease_until, attempts, args) VALUES ($1, $2, $3, 0, 0, 0, '{}')
ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, lease = job.lease + 1;

-- name: leaver.jobs
-- What is still to be done for those who left and teams that were dissolved.
SELECT id, kind, key, lease FROM job WHERE kind = 'assignee_left' OR kind = 'team_dissolved' ORDER BY due_at, id;

-- name: leaver.job_done
-- Done, unless it was asked for again meanwhile.
DELETE FROM job WHERE id = $1 AND lease = $2;

-- name: leaver.of_assignee
-- Open incidents of an assignee, the most urgent first.
-- index: q_all
SELECT id FROM incident WHERE is_open = 1 AND assignee_id = $1 ORDER BY priority, is_paused, due_at, id LIMIT $2;

-- name: leaver.of_team
-- Open incidents of a team, the most urgent first.
-- index: q_team
SELECT id FROM incident WHERE is_open = 1 AND team_id = $1 ORDER BY priority, is_paused, due_at, id LIMIT $2;
