-- The example desk: what it has made, and emptying it (docs/cli.md).

-- name: demo.records
-- All that the demo has made.
SELECT subject, subject_id FROM demo_record ORDER BY subject, subject_id;

-- name: demo.record
-- The demo has made this.
INSERT INTO demo_record (subject, subject_id) VALUES ($1, $2) ON CONFLICT (subject, subject_id) DO NOTHING;

-- name: demo.foreign_incident
-- An incident that the demo has not made, where there is one.
SELECT i.id FROM incident AS i
WHERE NOT EXISTS (SELECT 1 FROM demo_record AS d WHERE d.subject = 'incident' AND d.subject_id = i.id) LIMIT 1;

-- name: demo.foreign_people
-- Roles of people whom the demo has not made; a few are enough to know.
SELECT p.roles FROM person AS p
WHERE NOT EXISTS (SELECT 1 FROM demo_record AS d WHERE d.subject = 'user' AND d.subject_id = p.id) LIMIT 100;

-- name: demo.administrators
-- Administrators whom the demo has not made.
SELECT id, version, key, name, email, phone, language, zone, organization_id, location, department, is_vip, roles, is_active,
    is_reachable, password, created_at
FROM person AS p
WHERE p.is_staff = 1 AND p.is_active = 1
    AND NOT EXISTS (SELECT 1 FROM demo_record AS d WHERE d.subject = 'user' AND d.subject_id = p.id) ORDER BY id;

-- name: demo.counts
-- How much is about to go.
-- alone
SELECT (SELECT COUNT(*) FROM incident), (SELECT COUNT(*) FROM person);

-- name: demo.erase_incident
-- Emptying a demo desk: all of incident.
-- alone
DELETE FROM incident;

-- name: demo.erase_incident_text
-- Emptying a demo desk: all of incident_text.
-- alone
DELETE FROM incident_text;

-- name: demo.erase_entry
-- Emptying a demo desk: all of entry.
-- alone
DELETE FROM entry;

-- name: demo.erase_entry_text
-- Emptying a demo desk: all of entry_text.
-- alone
DELETE FROM entry_text;

-- name: demo.erase_anchor
-- Emptying a demo desk: all of anchor.
-- alone
DELETE FROM anchor;

-- name: demo.erase_origin
-- Emptying a demo desk: all of origin.
-- alone
DELETE FROM origin;

-- name: demo.erase_import_run
-- Emptying a demo desk: all of import_run.
-- alone
DELETE FROM import_run;

-- name: demo.erase_watcher
-- Emptying a demo desk: all of watcher.
-- alone
DELETE FROM watcher;

-- name: demo.erase_link
-- Emptying a demo desk: all of link.
-- alone
DELETE FROM link;

-- name: demo.erase_tag
-- Emptying a demo desk: all of tag.
-- alone
DELETE FROM tag;

-- name: demo.erase_incident_tag
-- Emptying a demo desk: all of incident_tag.
-- alone
DELETE FROM incident_tag;

-- name: demo.erase_attachment
-- Emptying a demo desk: all of attachment.
-- alone
DELETE FROM attachment;

-- name: demo.erase_idempotency
-- Emptying a demo desk: all of idempotency.
-- alone
DELETE FROM idempotency;

-- name: demo.erase_job
-- Emptying a demo desk: all of job.
-- alone
DELETE FROM job;

-- name: demo.erase_outbox
-- Emptying a demo desk: all of outbox.
-- alone
DELETE FROM outbox;

-- name: demo.erase_session
-- Emptying a demo desk: all of session.
-- alone
DELETE FROM session;

-- name: demo.erase_token
-- Emptying a demo desk: all of token.
-- alone
DELETE FROM token;

-- name: demo.erase_organization
-- Emptying a demo desk: all of organization.
-- alone
DELETE FROM organization;

-- name: demo.erase_person
-- Emptying a demo desk: all of person.
-- alone
DELETE FROM person;

-- name: demo.erase_team
-- Emptying a demo desk: all of team.
-- alone
DELETE FROM team;

-- name: demo.erase_team_member
-- Emptying a demo desk: all of team_member.
-- alone
DELETE FROM team_member;

-- name: demo.erase_category
-- Emptying a demo desk: all of category.
-- alone
DELETE FROM category;

-- name: demo.erase_service
-- Emptying a demo desk: all of service.
-- alone
DELETE FROM service;

-- name: demo.erase_priority_cell
-- Emptying a demo desk: all of priority_cell.
-- alone
DELETE FROM priority_cell;

-- name: demo.erase_view
-- Emptying a demo desk: all of view.
-- alone
DELETE FROM view;

-- name: demo.erase_setting
-- Emptying a demo desk: all of setting.
-- alone
DELETE FROM setting;

-- name: demo.erase_demo_record
-- Emptying a demo desk: all of demo_record.
-- alone
DELETE FROM demo_record;

-- name: demo.erase_desk
-- Emptying a demo desk: all of desk.
-- alone
DELETE FROM desk;
