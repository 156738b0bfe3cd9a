// The built-in mapping; examples/import/servicenow_event_log.toml is the same text, and a test holds the two together.
#include "intake/mapping/mapping_file.hpp"

namespace firstline::intake::mapping {

std::string_view built_in_mapping() {
    static constexpr std::string_view kText =
        R"toml(# How ServiceNow's incident event log becomes incidents. This is the mapping that `firstline import incident-log` uses where
# no other is named; copy it to begin one of your own. What the keys mean: docs/import.md.
source = "servicenow"
shape = "events"            # a row is a snapshot after an update; the rows of one incident follow one another
separator = ","
missing = ["?"]
title = ["category", "subcategory", "u_symptom"]

[time]
format = "%d/%m/%Y %H:%M"
zone = "UTC"

[columns]
number = "number"
state = "incident_state"
opened_at = "opened_at"
updated_at = "sys_updated_at"
resolved_at = "resolved_at"
closed_at = "closed_at"
team = "assignment_group"
assignee = "assigned_to"
requester = "caller_id"
category = "category"
subcategory = "subcategory"
impact = "impact"           # "2 - Medium": without a table of values the leading digit counts
urgency = "urgency"
priority = "priority"
contact_type = "contact_type"
made_sla = "made_sla"
reassignment_count = "reassignment_count"
reopen_count = "reopen_count"
problem_id = "problem_id"

[values.state]
"New" = "new"
"Active" = "in_progress"
"Awaiting User Info" = "on_hold.awaiting_requester"
"Awaiting Vendor" = "on_hold.awaiting_vendor"
"Awaiting Problem" = "on_hold.awaiting_problem"
"Awaiting Evidence" = "on_hold.awaiting_evidence"
"Resolved" = "resolved"
"Closed" = "closed"

[values.contact_type]
"Phone" = "phone"
"IVR" = "phone"
"Self service" = "portal"
"Email" = "email"
"Direct opening" = "api"

[values.made_sla]
"true" = true
"false" = false
)toml";
    return kText;
}

}  // namespace firstline::intake::mapping
