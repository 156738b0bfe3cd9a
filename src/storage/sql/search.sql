-- Full text reads what it indexes, and the heads of what it found (storage.md §5 "Search").

-- name: search.bodies
-- What of these incidents is searched, and what decides who may find it.
-- engine: sqlite
SELECT i.id, i.team_id, i.assignee_id, i.requester_id, i.opened_by_id, i.organization_id, i.is_restricted, i.title,
    COALESCE(t.description, ''), COALESCE(t.resolution_notes, ''), COALESCE(t.priority_reason, ''), COALESCE(t.csat_comment, '')
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id WHERE i.id IN (SELECT value FROM json_each($1));

-- name: search.bodies
-- What of these incidents is searched, and what decides who may find it.
-- engine: postgres
SELECT i.id, i.team_id, i.assignee_id, i.requester_id, i.opened_by_id, i.organization_id, i.is_restricted, i.title,
    COALESCE(t.description, ''), COALESCE(t.resolution_notes, ''), COALESCE(t.priority_reason, ''), COALESCE(t.csat_comment, '')
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id WHERE i.id = ANY (CAST($1 AS BIGINT[]));

-- name: search.texts
-- The newest texts of an incident's timeline.
-- index: entry_seq
SELECT e.kind, e.public, t.field, t.text FROM entry e JOIN entry_text t ON t.pos = e.pos
WHERE e.subject = 'incident' AND e.subject_id = $1 ORDER BY e.seq DESC LIMIT $2;

-- name: search.numbers_after
-- Incidents by number, for building an index anew.
SELECT id FROM incident WHERE id > $1 ORDER BY id LIMIT $2;

-- name: search.numbers_of_organization
-- Incidents of an organization in a stretch of numbers.
SELECT id FROM incident WHERE id > $1 AND id <= $2 AND organization_id = $3 ORDER BY id;

-- name: search.last_number
-- The newest incident.
SELECT COALESCE(MAX(id), 0) FROM incident;

-- name: search.by_reference
-- Incidents that carry this number of another tool.
-- index: origin_ref
SELECT incident_id FROM origin WHERE external_ref = $1 ORDER BY incident_id DESC LIMIT 20;

-- name: search.heads
-- Incidents with their texts, by number.
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
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id WHERE i.id IN (SELECT value FROM json_each($1));

-- name: search.heads
-- Incidents with their texts, by number.
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
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id WHERE i.id = ANY (CAST($1 AS BIGINT[]));

-- name: search.public_times
-- When something public last happened on these incidents.
-- engine: sqlite
-- index: entry_seq
SELECT subject_id, MAX(at) FROM entry
WHERE subject = 'incident' AND subject_id IN (SELECT value FROM json_each($1)) AND public = 1 GROUP BY subject_id;

-- name: search.public_times
-- When something public last happened on these incidents.
-- engine: postgres
-- index: entry_seq
SELECT subject_id, MAX(at) FROM entry
WHERE subject = 'incident' AND subject_id = ANY (CAST($1 AS BIGINT[])) AND public = 1 GROUP BY subject_id;
