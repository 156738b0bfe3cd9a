// Who may do what by which operation of the contract, typed by hand from domain.md §2, §10 and api.md, in the words
// of tests/domain/policy.expected.txt; never computed from the product.
const kAgents = ["agent", "team_lead", "incident_manager", "problem_manager", "knowledge_editor"];
const kReaders = [...kAgents, "auditor"];
const kStaff = [...kReaders, "admin"];
const kAll = ["requester", ...kStaff];
const kAdmin = ["admin"];

// Operations on one incident: who succeeds on their own, on another person's, on a restricted one they have no part in.
// Everybody else gets 403 (or 409, 422) where they see it, 404 where not.
const reading = { own: kAll, other: kReaders, restricted: ["auditor"] };
const working = { own: kAgents, other: kAgents };
const answering = { own: kAll, other: kAgents };

export const kMayOnIncident = {
    get_incident: reading,
    list_timeline: reading,
    list_attachments: reading,
    download_attachment: reading,
    list_watchers: reading,
    list_links: { own: kReaders, other: kReaders, restricted: ["auditor"] },
    edit_incident: working,
    triage_incident: working,
    assign_incident: working,
    start_incident: working,
    hold_incident: working,
    resume_incident: working,
    escalate_incident: working,
    raise_incident: working,
    resolve_incident: working,
    merge_incident: working,
    unmerge_incident: working,
    undo_incident: working,
    close_incident: { own: [], other: kAgents }, // only where nobody can be asked
    confirm_incident: answering,
    reject_incident: answering,
    rate_incident: { own: kAll, other: [] },
    cancel_incident: answering,
    reopen_incident: answering,
    write_reply: answering,
    write_note: working,
    add_watcher: working,
    remove_watcher: working,
    add_link: working,
    remove_link: working,
    redact_entry: { own: ["team_lead"], other: ["team_lead"] },
};

// Operations on no incident: who succeeds. Everybody else gets 403.
export const kMay = {
    get_me: kAll,
    edit_me: kAll,
    list_my_sessions: kAll,
    end_my_sessions: kAll,
    list_incidents: kAll,
    log_incident: kAll,
    upload_attachment: kAll,
    search: kAll,
    list_tokens: kAll,
    create_token: kAll,
    revoke_token: kAll,
    list_categories: kAll,
    get_category: kAll,
    list_services: kAll,
    get_service: kAll,
    list_views: kAll, // a requester's are of their own
    count_views: kAll,
    list_teams: kStaff,
    get_team: kStaff,
    create_team: kAdmin,
    edit_team: ["team_lead", ...kAdmin], // the lead's own
    deactivate_team: kAdmin,
    list_users: kStaff,
    get_user: kStaff,
    create_user: [...kAgents, ...kAdmin], // agents: a caller, with no other role
    edit_user: kAdmin,
    deactivate_user: kAdmin,
    set_user_password: kAdmin,
    list_organizations: kStaff,
    get_organization: kStaff,
    create_organization: kAdmin,
    edit_organization: kAdmin,
    deactivate_organization: kAdmin,
    create_category: kAdmin,
    edit_category: kAdmin,
    deactivate_category: kAdmin,
    create_service: kAdmin,
    edit_service: kAdmin,
    deactivate_service: kAdmin,
    list_tags: kStaff,
    get_tag: kStaff,
    create_tag: [...kAgents, ...kAdmin],
    edit_tag: kAdmin,
    deactivate_tag: kAdmin,
    get_priority_matrix: kStaff,
    set_priority_matrix: kAdmin,
    get_settings: kStaff,
    edit_settings: kAdmin,
    list_audit: ["auditor", ...kAdmin],
    get_overview_report: ["team_lead", "auditor"],
};

// Walked elsewhere: the stream does not end by itself, a session is no token's.
export const kElsewhere = ["stream_changes", "sign_in", "sign_out"];
export const kOpen = ["get_contract", "get_health", "get_readiness", "get_metrics", "get_docs"];
