-- Reports, computed at the call in keyset slices (domain.md §11).

-- name: report.recorded
-- What imports brought, after an incident.
-- index: origin_incident
SELECT incident_id, recorded FROM origin WHERE incident_id > $1 ORDER BY incident_id LIMIT $2;

-- name: report.stray_rows
-- Rows of imports that belong to no incident.
SELECT CAST(COALESCE(SUM(rows), 0) AS BIGINT), CAST(COALESCE(SUM(rows_not_understood), 0) AS BIGINT) FROM import_run;

-- name: report.incidents
-- What our own timelines say of incidents after a number: those that count in figures.
SELECT id, priority, is_priority_known, reassignment_count, reopen_count, created_at, resolved_at FROM incident
WHERE id > $1 AND state <> 'canceled' AND kind = 'incident' ORDER BY id LIMIT $2;
