-- Incidents: heads, texts, and what hangs on them (storage.md §6).

-- name: incident.load
-- One incident with its texts.
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
WHERE i.id = $1;

-- name: incident.insert
-- A new head row.
INSERT INTO incident (
    id, version, public_version, state, is_open, hold_reason, resume_at, kind, channel, impact, urgency, priority,
    is_priority_known, is_priority_set, team_id, assignee_id, tier, is_team_started, requester_id, organization_id,
    service_id, category_id, ci_id, parent_id, merged_into, follow_up_of, is_restricted, needs_reply, has_attachment,
    opened_by_id, affected_count, is_paused, due_at, next_timer_at, resolution_code, is_recovered, resolved_seq,
    reassignment_count, reopen_count, escalation_count, csat, created_at, updated_at, triaged_at, assigned_at,
    started_at, resolved_at, closed_at, canceled_at, title)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46,
    $47, $48, $49, $50);

-- name: incident.update
-- The head row as folding the timeline gives it.
UPDATE incident SET
    version = $2, public_version = $3, state = $4, is_open = $5, hold_reason = $6, resume_at = $7, kind = $8,
    channel = $9, impact = $10, urgency = $11, priority = $12, is_priority_known = $13, is_priority_set = $14,
    team_id = $15, assignee_id = $16, tier = $17, is_team_started = $18, requester_id = $19, organization_id = $20,
    service_id = $21, category_id = $22, ci_id = $23, parent_id = $24, merged_into = $25, follow_up_of = $26,
    is_restricted = $27, needs_reply = $28, has_attachment = $29, opened_by_id = $30, affected_count = $31,
    is_paused = $32, due_at = $33, next_timer_at = $34, resolution_code = $35, is_recovered = $36,
    resolved_seq = $37, reassignment_count = $38, reopen_count = $39, escalation_count = $40, csat = $41,
    created_at = $42, updated_at = $43, triaged_at = $44, assigned_at = $45, started_at = $46, resolved_at = $47,
    closed_at = $48, canceled_at = $49, title = $50
WHERE id = $1;

-- name: incident_text.insert
-- The texts of a new incident.
INSERT INTO incident_text (incident_id, description, resolution_notes, priority_reason, csat_comment)
VALUES ($1, $2, $3, $4, $5);

-- name: incident_text.update
-- The texts as they stand.
UPDATE incident_text SET description = $2, resolution_notes = $3, priority_reason = $4, csat_comment = $5
WHERE incident_id = $1;

-- name: incident.children_heads
-- Children with what decides who sees them; the last column: whether the person $2 watches the child.
-- index: incident_parent
SELECT id, team_id, assignee_id, requester_id, opened_by_id, organization_id, is_restricted,
    EXISTS (SELECT 1 FROM watcher w WHERE w.incident_id = incident.id AND w.user_id = $2)
FROM incident WHERE parent_id = $1 ORDER BY id;

-- name: incident.untouched_children
-- Open children that nobody has started or publicly answered: they are resolved with their parent.
-- index: incident_parent
SELECT id FROM incident
WHERE parent_id = $1 AND started_at IS NULL AND state IN ('new', 'assigned', 'in_progress', 'on_hold')
    AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.subject = 'incident' AND e.subject_id = incident.id AND e.kind = 'reply')
ORDER BY id;

-- name: entry.last_hash
-- Hash of an incident's newest entry, where its chain goes on.
-- index: entry_seq
SELECT hash FROM entry WHERE subject = 'incident' AND subject_id = $1 ORDER BY seq DESC LIMIT 1;

-- name: entry.of_incident
-- The timeline after a seq, in order.
-- index: entry_seq
SELECT pos, seq, at, recorded_at, actor_id, via, kind, public, inferred, data, hash FROM entry
WHERE subject = 'incident' AND subject_id = $1 AND seq > $2 ORDER BY seq LIMIT $3;

-- name: entry_text.of_incident
-- The texts of a stretch of the timeline.
-- index: entry_seq
SELECT e.seq, t.field, t.text FROM entry e JOIN entry_text t ON t.pos = e.pos
WHERE e.subject = 'incident' AND e.subject_id = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq, t.field;

-- name: watcher.of_incident
-- Who watches an incident.
SELECT user_id FROM watcher WHERE incident_id = $1 ORDER BY user_id;

-- name: watcher.insert
-- One more watcher.
INSERT INTO watcher (incident_id, user_id) VALUES ($1, $2);

-- name: incident_tag.of_incident
-- Key and name of an incident's tags.
SELECT t.key, t.name FROM incident_tag i JOIN tag t ON t.id = i.tag_id WHERE i.incident_id = $1 ORDER BY t.key;

-- name: incident_tag.ids_of_incident
-- The same with ids, for editing.
SELECT t.id, t.key, t.name FROM incident_tag i JOIN tag t ON t.id = i.tag_id WHERE i.incident_id = $1 ORDER BY t.key;

-- name: incident_tag.insert
-- A tag on an incident; twice is no harm.
INSERT INTO incident_tag (incident_id, tag_id) VALUES ($1, $2) ON CONFLICT (incident_id, tag_id) DO NOTHING;

-- name: incident_tag.delete
-- A tag off an incident.
DELETE FROM incident_tag WHERE incident_id = $1 AND tag_id = $2;

-- name: incident_tag.by_keys
-- The tags with these keys.
-- engine: sqlite
SELECT id, key, name FROM tag WHERE key IN (SELECT value FROM json_each($1));

-- name: incident_tag.by_keys
-- The tags with these keys.
-- engine: postgres
SELECT id, key, name FROM tag WHERE key = ANY ($1);

-- name: incident_tag.make
-- A tag that an agent wrote for the first time.
INSERT INTO tag (id, key, name, is_active) VALUES ($1, $2, $3, 1);

-- name: origin.of_incident
-- What an import brought.
-- index: origin_incident
SELECT external_ref, recorded FROM origin WHERE incident_id = $1;

-- name: link.insert
-- A link to another incident.
INSERT INTO link (incident_id, kind, other_id) VALUES ($1, $2, $3);

-- name: attachment.pending_of
-- A pending upload, where it is this person's.
SELECT id, name, type, size FROM attachment WHERE id = $1 AND owner_id = $2 AND is_pending = 1;

-- name: attachment.claim
-- A pending upload becomes an entry's.
UPDATE attachment SET incident_id = $2, entry_pos = $3, is_public = $4, is_pending = 0 WHERE id = $1;

-- name: outbox.insert
-- A message to be sent; the send key makes it one.
INSERT INTO outbox (entry_pos, channel, recipient, due_at, lease_until, attempts, state, body, send_key)
VALUES ($1, $2, $3, $4, 0, 0, 'due', $5, $6);

-- name: idempotency.find
-- What a caller's earlier request with this key became.
SELECT fingerprint, at, status, resource FROM idempotency WHERE caller_id = $1 AND key_hash = $2;

-- name: idempotency.forget
-- A key older than a day is free again.
DELETE FROM idempotency WHERE caller_id = $1 AND key_hash = $2 AND at < $3;

-- name: idempotency.insert
-- The effect of a request and its key, in one change.
INSERT INTO idempotency (caller_id, key_hash, fingerprint, at, status, resource) VALUES ($1, $2, $3, $4, $5, $6);

-- name: attachment.names_of_incident
-- What hangs on the entries of an incident.
-- index: attachment_incident
SELECT id, entry_pos, name, type, size FROM attachment WHERE incident_id = $1 AND is_pending = 0 ORDER BY id;

-- name: watcher.delete
-- A watcher less.
DELETE FROM watcher WHERE incident_id = $1 AND user_id = $2;

-- name: link.is
-- Whether this link is there.
SELECT other_id FROM link WHERE incident_id = $1 AND kind = $2 AND other_id = $3;

-- name: link.of_incident
-- Links from and to an incident.
SELECT incident_id, kind, other_id FROM link WHERE incident_id = $1
UNION ALL
SELECT incident_id, kind, other_id FROM link WHERE other_id = $1 AND incident_id <> $1
ORDER BY 2, 3, 1;

-- name: link.delete
-- A link less.
DELETE FROM link WHERE incident_id = $1 AND kind = $2 AND other_id = $3;

-- name: entry_text.delete
-- A text taken out of an entry; its salted hash stays in the data.
DELETE FROM entry_text WHERE pos = $1 AND field = $2;

-- name: attachment.delete
-- A file taken off its entry; its bytes go with the next collection where nothing else refers to them.
DELETE FROM attachment WHERE id = $1 AND incident_id = $2;

-- name: blob.keep
-- Bytes that a row refers to; a mark to remove them is cleared.
INSERT INTO blob (sha256, size, place, doomed_at) VALUES ($1, $2, $3, NULL)
ON CONFLICT (sha256) DO UPDATE SET doomed_at = NULL;

-- name: attachment.insert
-- A pending upload.
INSERT INTO attachment (id, incident_id, entry_pos, sha256, name, type, size, owner_id, at, is_pending, is_public)
VALUES ($1, NULL, NULL, $2, $3, $4, $5, $6, $7, 1, 0);

-- name: attachment.of_incident
-- The files of an incident with the entries they belong to.
-- index: attachment_incident
SELECT a.id, a.name, a.type, a.size, a.at, a.owner_id, a.is_public, a.sha256, e.seq
FROM attachment a JOIN entry e ON e.pos = a.entry_pos WHERE a.incident_id = $1 AND a.is_pending = 0 ORDER BY a.id;

-- name: entry.last_public
-- The newest entry of an incident that its requester may see.
-- index: entry_seq
SELECT seq, at FROM entry WHERE subject = 'incident' AND subject_id = $1 AND public = 1 ORDER BY seq DESC LIMIT 1;

-- name: entry.newest_seq
-- The newest entry of an incident.
-- index: entry_seq
SELECT seq FROM entry WHERE subject = 'incident' AND subject_id = $1 ORDER BY seq DESC LIMIT 1;
