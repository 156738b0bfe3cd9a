-- The core: desk, people, incidents, timeline, queue of outgoing messages (storage.md §6).
CREATE TABLE desk (
    one {int} PRIMARY KEY, desk_id TEXT NOT NULL, epoch TEXT NOT NULL, config_version {int} NOT NULL,
    created_at {int} NOT NULL, secret {bytes} NOT NULL
) {strict};
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) {strict};
CREATE TABLE batch (id TEXT PRIMARY KEY, at {int} NOT NULL) {strict};

CREATE TABLE incident (
    id {id}, version {int} NOT NULL, public_version {int} NOT NULL, state TEXT NOT NULL, is_open {flag} NOT NULL,
    hold_reason TEXT, resume_at {int}, kind TEXT NOT NULL, channel TEXT NOT NULL, impact {int}, urgency {int},
    priority TEXT NOT NULL, is_priority_known {flag} NOT NULL, is_priority_set {flag} NOT NULL,
    team_id {int} NOT NULL, assignee_id {int} NOT NULL, tier {int} NOT NULL, is_team_started {flag} NOT NULL,
    requester_id {int} NOT NULL, organization_id {int} NOT NULL, service_id {int} NOT NULL, category_id {int} NOT NULL,
    ci_id {int}, parent_id {int}, merged_into {int}, follow_up_of {int},
    is_restricted {flag} NOT NULL, needs_reply {flag} NOT NULL, has_attachment {flag} NOT NULL,
    opened_by_id {int} NOT NULL, affected_count {int}, is_paused {flag} NOT NULL, due_at {int} NOT NULL,
    next_timer_at {int} NOT NULL, resolution_code TEXT, is_recovered {flag} NOT NULL, resolved_seq {int},
    reassignment_count {int} NOT NULL, reopen_count {int} NOT NULL, escalation_count {int} NOT NULL, csat {int},
    created_at {int} NOT NULL, updated_at {int} NOT NULL, triaged_at {int}, assigned_at {int}, started_at {int},
    resolved_at {int}, closed_at {int}, canceled_at {int}, title TEXT NOT NULL
) {strict};
CREATE INDEX q_team ON incident (team_id, priority, is_paused, due_at, id, state, assignee_id, requester_id, service_id,
    organization_id, is_restricted, is_priority_known, updated_at, version, title) WHERE is_open = 1;
CREATE INDEX q_all ON incident (priority, is_paused, due_at, id, team_id, state, assignee_id, requester_id, service_id,
    organization_id, is_restricted, is_priority_known) WHERE is_open = 1;
CREATE INDEX incident_requester ON incident (requester_id, id);
CREATE INDEX incident_service ON incident (service_id, id);
CREATE INDEX incident_timer ON incident (next_timer_at, id) WHERE is_open = 1 AND next_timer_at < 9223372036854775807;
CREATE INDEX incident_parent ON incident (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE TABLE incident_text (
    incident_id {int} PRIMARY KEY, description TEXT NOT NULL, resolution_notes TEXT, priority_reason TEXT, csat_comment TEXT
) {strict};

CREATE TABLE entry (
    pos {id}, subject TEXT NOT NULL, subject_id {int} NOT NULL, seq {int} NOT NULL, at {int} NOT NULL,
    recorded_at {int} NOT NULL, actor_id {int} NOT NULL, via TEXT NOT NULL, kind TEXT NOT NULL, public {flag} NOT NULL,
    inferred {flag} NOT NULL, data TEXT NOT NULL, scope_before TEXT NOT NULL, scope_after TEXT NOT NULL,
    unit_key TEXT, hash {bytes} NOT NULL
) {strict};
CREATE UNIQUE INDEX entry_seq ON entry (subject, subject_id, seq);
-- The audit log: few among very many.
CREATE INDEX entry_audit ON entry (pos) WHERE subject <> 'incident';
CREATE TABLE entry_text (
    pos {int} NOT NULL, field TEXT NOT NULL, salt {bytes} NOT NULL, text TEXT NOT NULL, PRIMARY KEY (pos, field)
) {strict};
CREATE TABLE anchor (
    n {int} PRIMARY KEY, pos_from {int} NOT NULL, pos_to {int} NOT NULL, count {int} NOT NULL, at {int} NOT NULL,
    hash {bytes} NOT NULL
) {strict};
CREATE TABLE origin (
    source TEXT NOT NULL, external_ref TEXT NOT NULL, incident_id {int} NOT NULL, recorded TEXT NOT NULL,
    PRIMARY KEY (source, external_ref)
) {strict};
CREATE INDEX origin_incident ON origin (incident_id);
CREATE INDEX origin_ref ON origin (external_ref);
CREATE TABLE import_run (
    source TEXT PRIMARY KEY, rows {int} NOT NULL, rows_not_understood {int} NOT NULL, at {int} NOT NULL
) {strict};

CREATE TABLE watcher (incident_id {int} NOT NULL, user_id {int} NOT NULL, PRIMARY KEY (incident_id, user_id)) {strict};
CREATE INDEX watcher_user ON watcher (user_id, incident_id);
CREATE TABLE link (
    incident_id {int} NOT NULL, kind TEXT NOT NULL, other_id {int} NOT NULL, PRIMARY KEY (incident_id, kind, other_id)
) {strict};
CREATE INDEX link_other ON link (other_id);
CREATE TABLE tag (id {id}, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, is_active {flag} NOT NULL) {strict};
CREATE TABLE incident_tag (incident_id {int} NOT NULL, tag_id {int} NOT NULL, PRIMARY KEY (incident_id, tag_id)) {strict};
CREATE INDEX tag_incident ON incident_tag (tag_id, incident_id);

CREATE TABLE attachment (
    id {id}, incident_id {int}, entry_pos {int}, sha256 {bytes} NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    size {int} NOT NULL, owner_id {int} NOT NULL, at {int} NOT NULL, is_pending {flag} NOT NULL, is_public {flag} NOT NULL
) {strict};
CREATE INDEX attachment_incident ON attachment (incident_id, id);
CREATE INDEX attachment_hash ON attachment (sha256);
CREATE INDEX attachment_pending ON attachment (at) WHERE is_pending = 1;
CREATE TABLE blob (sha256 {bytes} PRIMARY KEY, size {int} NOT NULL, place TEXT NOT NULL, doomed_at {int}) {strict};
CREATE TABLE blob_chunk (sha256 {bytes} NOT NULL, n {int} NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (sha256, n)) {strict};

CREATE TABLE idempotency (
    caller_id {int} NOT NULL, key_hash {bytes} NOT NULL, fingerprint {bytes} NOT NULL, at {int} NOT NULL,
    status {int} NOT NULL, resource TEXT NOT NULL, PRIMARY KEY (caller_id, key_hash)
) {strict};
CREATE INDEX idempotency_at ON idempotency (at);
CREATE TABLE job (
    id {id}, kind TEXT NOT NULL, key TEXT NOT NULL, due_at {int} NOT NULL, lease {int} NOT NULL, lease_until {int} NOT NULL,
    attempts {int} NOT NULL, args TEXT NOT NULL
) {strict};
CREATE UNIQUE INDEX job_key ON job (kind, key);
CREATE INDEX job_due ON job (due_at, id);
CREATE TABLE outbox (
    id {id}, entry_pos {int} NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL, due_at {int} NOT NULL,
    lease_until {int} NOT NULL, attempts {int} NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL, send_key TEXT NOT NULL
) {strict};
CREATE UNIQUE INDEX outbox_send_key ON outbox (send_key);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'due';

CREATE TABLE session (
    id_hash {bytes} PRIMARY KEY, user_id {int} NOT NULL, csrf TEXT NOT NULL, created_at {int} NOT NULL, seen_at {int} NOT NULL,
    expires_at {int} NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
) {strict};
CREATE INDEX session_person ON session (user_id);
CREATE TABLE token (
    id {id}, secret_hash {bytes} NOT NULL, user_id {int} NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
    created_at {int} NOT NULL, expires_at {int} NOT NULL, last_used_at {int}, is_active {flag} NOT NULL
) {strict};
CREATE INDEX token_user ON token (user_id);

CREATE TABLE organization (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, shares_incidents {flag} NOT NULL,
    is_active {flag} NOT NULL
) {strict};
-- `user` is a reserved word on PostgreSQL.
CREATE TABLE person (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_folded TEXT NOT NULL, email TEXT NOT NULL,
    email_folded TEXT NOT NULL, phone TEXT NOT NULL, language TEXT NOT NULL, zone TEXT NOT NULL, organization_id {int} NOT NULL,
    location TEXT NOT NULL, department TEXT NOT NULL, is_vip {flag} NOT NULL, roles TEXT NOT NULL, is_staff {flag} NOT NULL,
    is_active {flag} NOT NULL, is_reachable {flag} NOT NULL, password TEXT NOT NULL, created_at {int} NOT NULL
) {strict};
CREATE INDEX person_email ON person (email_folded) WHERE email_folded <> '';
-- Of those who are here each address belongs to one; who left keeps theirs.
CREATE UNIQUE INDEX person_address ON person (email_folded) WHERE email_folded <> '' AND is_active = 1;
CREATE INDEX person_name ON person (name_folded, id);
CREATE INDEX person_staff ON person (id) WHERE is_staff = 1;
CREATE TABLE team (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, public_name TEXT NOT NULL, tier {int} NOT NULL,
    mode TEXT NOT NULL, is_active {flag} NOT NULL, successor_id {int} NOT NULL
) {strict};
CREATE TABLE team_member (
    team_id {int} NOT NULL, user_id {int} NOT NULL, is_lead {flag} NOT NULL, rank {int} NOT NULL, PRIMARY KEY (team_id, user_id)
) {strict};
CREATE INDEX team_member_user ON team_member (user_id, rank);
CREATE TABLE category (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, parent_id {int} NOT NULL,
    portal_label TEXT NOT NULL, is_restricted {flag} NOT NULL, team_id {int} NOT NULL, is_active {flag} NOT NULL
) {strict};
CREATE TABLE service (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner_team_id {int} NOT NULL,
    support_team_id {int} NOT NULL, criticality TEXT NOT NULL, is_active {flag} NOT NULL
) {strict};
CREATE TABLE priority_cell (impact {int} NOT NULL, urgency {int} NOT NULL, priority TEXT NOT NULL, PRIMARY KEY (impact, urgency)) {strict};
CREATE TABLE view (
    id {id}, version {int} NOT NULL, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner_id {int} NOT NULL, query TEXT NOT NULL,
    rank {int} NOT NULL
) {strict};
CREATE TABLE demo_record (subject TEXT NOT NULL, subject_id {int} NOT NULL, PRIMARY KEY (subject, subject_id)) {strict};
