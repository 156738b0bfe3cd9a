-- The feed's readers, the chain of anchors, and what walks both (storage.md §5).

-- name: feed.after
-- Entries after a position, in order; positions are given in commit order, so nothing ever comes in between.
SELECT pos, subject, subject_id, seq, at, recorded_at, kind, public, data, scope_before, scope_after, hash FROM entry
WHERE pos > $1 ORDER BY pos LIMIT $2;

-- name: feed.written_after
-- When the first entry after a position was written.
SELECT recorded_at FROM entry WHERE pos > $1 ORDER BY pos LIMIT 1;

-- name: feed.count_after
-- How many entries follow a position, counted up to $2.
SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE pos > $1 ORDER BY pos LIMIT $2) AS gap;

-- name: feed.public_version
-- An incident's version as its requester counts it: its public entries up to a seq.
-- index: entry_seq
SELECT COUNT(*) FROM entry WHERE subject = 'incident' AND subject_id = $1 AND seq <= $2 AND public = 1;

-- name: feed.sights
-- What decides who may see these incidents.
-- engine: sqlite
SELECT id, team_id, assignee_id, requester_id, opened_by_id, organization_id, is_restricted FROM incident
WHERE id IN (SELECT value FROM json_each($1));

-- name: feed.sights
-- What decides who may see these incidents.
-- engine: postgres
SELECT id, team_id, assignee_id, requester_id, opened_by_id, organization_id, is_restricted FROM incident
WHERE id = ANY (CAST($1 AS BIGINT[]));

-- name: feed.watchers
-- Who watches these incidents.
-- engine: sqlite
SELECT incident_id, user_id FROM watcher WHERE incident_id IN (SELECT value FROM json_each($1));

-- name: feed.watchers
-- Who watches these incidents.
-- engine: postgres
SELECT incident_id, user_id FROM watcher WHERE incident_id = ANY (CAST($1 AS BIGINT[]));

-- name: anchor.insert
-- One more anchor; of several nodes that try, one wins by the primary key.
INSERT INTO anchor (n, pos_from, pos_to, count, at, hash) VALUES ($1, $2, $3, $4, $5, $6);

-- name: verify.anchors
-- Anchors after the n-th, in order.
SELECT n, pos_from, pos_to, count, hash FROM anchor WHERE n > $1 ORDER BY n LIMIT $2;

-- name: verify.hashes
-- The hashes of a stretch of the feed, in order.
SELECT pos, hash FROM entry WHERE pos > $1 AND pos <= $2 ORDER BY pos LIMIT $3;

-- name: verify.count
-- How many entries there are, for progress.
SELECT COUNT(*) FROM entry;

-- name: verify.entries
-- All chains one after the other, each in order, after a place.
-- index: entry_seq
SELECT subject, subject_id, seq, pos, at, recorded_at, actor_id, kind, public, inferred, data, hash FROM entry
WHERE (subject, subject_id, seq) > ($1, $2, $3) ORDER BY subject, subject_id, seq LIMIT $4;

-- name: verify.texts
-- The texts of a stretch of chains, in the same order.
-- index: entry_seq
SELECT t.pos, t.field, t.salt, t.text FROM entry e JOIN entry_text t ON t.pos = e.pos
WHERE (e.subject, e.subject_id, e.seq) > ($1, $2, $3) AND (e.subject, e.subject_id, e.seq) <= ($4, $5, $6)
ORDER BY e.subject, e.subject_id, e.seq, t.field;

-- name: verify.incidents
-- Incidents of a stretch of numbers as they are stored, with what is derived from their state.
SELECT
    i.id, i.version, i.public_version, i.state, i.hold_reason, i.resume_at, i.kind, i.channel, i.impact, i.urgency,
    i.priority, i.is_priority_known, i.is_priority_set, i.team_id, i.assignee_id, i.tier, i.is_team_started,
    i.requester_id, i.organization_id, i.service_id, i.category_id, i.ci_id, i.parent_id, i.merged_into,
    i.follow_up_of, i.is_restricted, i.needs_reply, i.has_attachment, i.opened_by_id, i.affected_count,
    i.resolution_code, i.is_recovered, i.resolved_seq, i.reassignment_count, i.reopen_count, i.escalation_count,
    i.csat, i.created_at, i.updated_at, i.triaged_at, i.assigned_at, i.started_at, i.resolved_at, i.closed_at,
    i.canceled_at, i.title, COALESCE(t.description, ''), COALESCE(t.resolution_notes, ''),
    COALESCE(t.priority_reason, ''), COALESCE(t.csat_comment, ''), i.is_open, i.is_paused
FROM incident i LEFT JOIN incident_text t ON t.incident_id = i.id
WHERE i.id > $1 AND i.id <= $2 ORDER BY i.id LIMIT $3;

-- name: verify.has_timeline
-- Whether an incident has any entry.
-- index: entry_seq
SELECT 1 FROM entry WHERE subject = 'incident' AND subject_id = $1 LIMIT 1;
