-- Lists: the open set through its covering indexes, history by number (storage.md §5).

-- name: list.team_by_priority
-- A team's open incidents: priority, then running before paused, then due, then number. SQLite compares a row value that
-- is a bound column by column and walks all that are equal in the ones before: here each part has one range of its own.
-- engine: sqlite
-- index: q_team
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND team_id = $6 AND priority = $1 AND is_paused = $2 AND due_at = $3 AND id > $4
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND team_id = $6 AND priority = $1 AND is_paused = $2 AND due_at > $3
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND team_id = $6 AND priority = $1 AND is_paused > $2
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND team_id = $6 AND priority > $1
ORDER BY priority, is_paused, due_at, id LIMIT $5;

-- name: list.team_by_priority
-- A team's open incidents: priority, then running before paused, then due, then number.
-- engine: postgres
-- index: q_team
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND team_id = $6 AND (priority, is_paused, due_at, id) > ($1, $2, $3, $4)
ORDER BY priority, is_paused, due_at, id LIMIT $5;

-- name: list.open_by_priority
-- All open incidents in the same order, in the same parts; $6 is one assignee, or -1 for any.
-- engine: sqlite
-- index: q_all
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND priority = $1 AND is_paused = $2 AND due_at = $3 AND id > $4 AND (CAST($6 AS BIGINT) = -1 OR assignee_id = $6)
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND priority = $1 AND is_paused = $2 AND due_at > $3 AND (CAST($6 AS BIGINT) = -1 OR assignee_id = $6)
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND priority = $1 AND is_paused > $2 AND (CAST($6 AS BIGINT) = -1 OR assignee_id = $6)
UNION ALL
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND priority > $1 AND (CAST($6 AS BIGINT) = -1 OR assignee_id = $6)
ORDER BY priority, is_paused, due_at, id LIMIT $5;

-- name: list.open_by_priority
-- All open incidents in the same order; $6 is one assignee, or -1 for any.
-- engine: postgres
-- index: q_all
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 AND (priority, is_paused, due_at, id) > ($1, $2, $3, $4) AND (CAST($6 AS BIGINT) = -1 OR assignee_id = $6)
ORDER BY priority, is_paused, due_at, id LIMIT $5;

-- name: list.open_heads
-- The open set for counting: one pass over the covering index.
-- index: q_all
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE is_open = 1 ORDER BY priority, is_paused, due_at, id LIMIT $1;

-- name: list.written_after
-- How many entries follow a position, counted up to $3, and whether the person $2 wrote any of those.
SELECT COUNT(*), COALESCE(MAX(CASE WHEN gap.actor_id = $2 THEN 1 ELSE 0 END), 0)
FROM (SELECT actor_id FROM entry WHERE pos > $1 ORDER BY pos LIMIT $3) AS gap;

-- name: list.open_scan
-- The open set with what the other sorts need.
-- index: q_all
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known, created_at, updated_at
FROM incident WHERE is_open = 1 ORDER BY priority, is_paused, due_at, id LIMIT $1;

-- name: list.newest
-- All incidents, newest number first.
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- name: list.one
-- One incident's list columns.
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE id = $1;

-- name: list.head
-- What filters beyond the covering indexes look at.
SELECT category_id, channel FROM incident WHERE id = $1;

-- name: list.by_requester
-- A requester's incidents, newest first.
-- index: incident_requester
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE requester_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: list.by_requester_full
-- The same with the time of the last change.
-- index: incident_requester
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known, updated_at
FROM incident WHERE requester_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: list.watched_full
-- What a person watches, newest first.
-- index: watcher_user
SELECT i.id, i.priority, i.is_paused, i.due_at, i.team_id, i.state, i.assignee_id, i.requester_id, i.service_id, i.organization_id, i.is_restricted, i.is_priority_known, i.updated_at
FROM watcher w JOIN incident i ON i.id = w.incident_id
WHERE w.user_id = $1 AND w.incident_id < $2 ORDER BY w.incident_id DESC LIMIT $3;

-- name: list.by_service
-- A service's incidents, newest first.
-- index: incident_service
SELECT id, priority, is_paused, due_at, team_id, state, assignee_id, requester_id, service_id, organization_id, is_restricted, is_priority_known
FROM incident WHERE service_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: list.by_tag
-- A tag's incidents, newest first.
-- index: tag_incident
SELECT i.id, i.priority, i.is_paused, i.due_at, i.team_id, i.state, i.assignee_id, i.requester_id, i.service_id, i.organization_id, i.is_restricted, i.is_priority_known
FROM incident_tag g JOIN incident i ON i.id = g.incident_id
WHERE g.tag_id = $1 AND g.incident_id < $2 ORDER BY g.incident_id DESC LIMIT $3;

-- name: list.by_ref
-- Incidents by their number in the system they came from.
-- index: origin_ref
SELECT i.id, i.priority, i.is_paused, i.due_at, i.team_id, i.state, i.assignee_id, i.requester_id, i.service_id, i.organization_id, i.is_restricted, i.is_priority_known
FROM origin o JOIN incident i ON i.id = o.incident_id
WHERE o.external_ref = $1 ORDER BY i.id DESC LIMIT 1000;

-- name: incident.load_many
-- Several incidents with their texts.
-- engine: sqlite
SELECT
    i.id, i.version, i.public_version, i.state, i.hold_reason, i.resume_at, i.kind, i.channel, i.impact, i.urgency,
    i.priority, i.is_priority_known, i.is_priority_set, i.team_id, i.assignee_id, i.tier, i.is_team_started,
    i.requester_id, i.organization_id, i.service_id, i.category_id, i.ci_id, i.parent_id, i.merged_into,
    i.follow_up_of, i.is_restricted, i.needs_reply, i.has_attachment, i.opened_by_id, i.affected_count,
    i.resolution_code, i.is_recovered, i.resolved_seq, i.reassignment_count, i.reopen_count, i.escalation_count,
    i.csat, i.created_at, i.updated_at, i.triaged_at, i.assigned_at, i.started_at, i.resolved_at, i.closed_at,
    i.canceled_at, i.title, COALESCE(t.description, ''), COALESCE(t.resolution_notes, ''),
    COALESCE(t.priority_reason, ''), COALESCE(t.csat_comment, '')
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id
WHERE i.id IN (SELECT value FROM json_each($1));

-- name: incident.load_many
-- Several incidents with their texts.
-- engine: postgres
SELECT
    i.id, i.version, i.public_version, i.state, i.hold_reason, i.resume_at, i.kind, i.channel, i.impact, i.urgency,
    i.priority, i.is_priority_known, i.is_priority_set, i.team_id, i.assignee_id, i.tier, i.is_team_started,
    i.requester_id, i.organization_id, i.service_id, i.category_id, i.ci_id, i.parent_id, i.merged_into,
    i.follow_up_of, i.is_restricted, i.needs_reply, i.has_attachment, i.opened_by_id, i.affected_count,
    i.resolution_code, i.is_recovered, i.resolved_seq, i.reassignment_count, i.reopen_count, i.escalation_count,
    i.csat, i.created_at, i.updated_at, i.triaged_at, i.assigned_at, i.started_at, i.resolved_at, i.closed_at,
    i.canceled_at, i.title, COALESCE(t.description, ''), COALESCE(t.resolution_notes, ''),
    COALESCE(t.priority_reason, ''), COALESCE(t.csat_comment, '')
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id
WHERE i.id = ANY ($1);

-- name: incident.heads
-- Several incidents without their texts, in the same columns.
-- engine: sqlite
SELECT
    i.id, i.version, i.public_version, i.state, i.hold_reason, i.resume_at, i.kind, i.channel, i.impact, i.urgency,
    i.priority, i.is_priority_known, i.is_priority_set, i.team_id, i.assignee_id, i.tier, i.is_team_started,
    i.requester_id, i.organization_id, i.service_id, i.category_id, i.ci_id, i.parent_id, i.merged_into,
    i.follow_up_of, i.is_restricted, i.needs_reply, i.has_attachment, i.opened_by_id, i.affected_count,
    i.resolution_code, i.is_recovered, i.resolved_seq, i.reassignment_count, i.reopen_count, i.escalation_count,
    i.csat, i.created_at, i.updated_at, i.triaged_at, i.assigned_at, i.started_at, i.resolved_at, i.closed_at,
    i.canceled_at, i.title, '', '',
    '', ''
FROM incident i
WHERE i.id IN (SELECT value FROM json_each($1));

-- name: incident.heads
-- Several incidents without their texts, in the same columns.
-- engine: postgres
SELECT
    i.id, i.version, i.public_version, i.state, i.hold_reason, i.resume_at, i.kind, i.channel, i.impact, i.urgency,
    i.priority, i.is_priority_known, i.is_priority_set, i.team_id, i.assignee_id, i.tier, i.is_team_started,
    i.requester_id, i.organization_id, i.service_id, i.category_id, i.ci_id, i.parent_id, i.merged_into,
    i.follow_up_of, i.is_restricted, i.needs_reply, i.has_attachment, i.opened_by_id, i.affected_count,
    i.resolution_code, i.is_recovered, i.resolved_seq, i.reassignment_count, i.reopen_count, i.escalation_count,
    i.csat, i.created_at, i.updated_at, i.triaged_at, i.assigned_at, i.started_at, i.resolved_at, i.closed_at,
    i.canceled_at, i.title, '', '',
    '', ''
FROM incident i
WHERE i.id = ANY ($1);

-- name: watcher.is
-- Whether a person watches an incident.
SELECT user_id FROM watcher WHERE incident_id = $1 AND user_id = $2;

-- name: watcher.of_incidents
-- Who watches several incidents.
-- engine: sqlite
SELECT incident_id, user_id FROM watcher WHERE incident_id IN (SELECT value FROM json_each($1)) ORDER BY incident_id, user_id;

-- name: watcher.of_incidents
-- Who watches several incidents.
-- engine: postgres
SELECT incident_id, user_id FROM watcher WHERE incident_id = ANY ($1) ORDER BY incident_id, user_id;

-- name: incident_tag.of_incidents
-- The tags of several incidents.
-- engine: sqlite
SELECT g.incident_id, t.key, t.name FROM incident_tag g JOIN tag t ON t.id = g.tag_id
WHERE g.incident_id IN (SELECT value FROM json_each($1)) ORDER BY g.incident_id, t.key;

-- name: incident_tag.of_incidents
-- The tags of several incidents.
-- engine: postgres
SELECT g.incident_id, t.key, t.name FROM incident_tag g JOIN tag t ON t.id = g.tag_id
WHERE g.incident_id = ANY ($1) ORDER BY g.incident_id, t.key;

-- name: incident.children_counts
-- How many children several incidents have that are not restricted.
-- engine: sqlite
-- index: incident_parent
SELECT parent_id, COUNT(*) FROM incident WHERE parent_id IN (SELECT value FROM json_each($1)) AND is_restricted = 0 GROUP BY parent_id;

-- name: incident.children_counts
-- How many children several incidents have that are not restricted.
-- engine: postgres
-- index: incident_parent
SELECT parent_id, COUNT(*) FROM incident WHERE parent_id = ANY ($1) AND is_restricted = 0 GROUP BY parent_id;

-- name: origin.of_incidents
-- What an import brought of several incidents.
-- engine: sqlite
-- index: origin_incident
SELECT incident_id, external_ref, recorded FROM origin WHERE incident_id IN (SELECT value FROM json_each($1));

-- name: origin.of_incidents
-- What an import brought of several incidents.
-- engine: postgres
-- index: origin_incident
SELECT incident_id, external_ref, recorded FROM origin WHERE incident_id = ANY ($1);

-- name: person.by_ids
-- Several people.
-- engine: sqlite
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE id IN (SELECT value FROM json_each($1));

-- name: person.by_ids
-- Several people.
-- engine: postgres
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person WHERE id = ANY ($1);
