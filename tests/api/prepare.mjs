// What each operation of the contract needs before it can succeed: an incident in the right state, a thing, a body.
import { kMayOnIncident } from "./may.mjs";
import { kByRole } from "./world.mjs";

export const kWord = "xyzzyinternal"; // stands in no text that a requester may read
export const kHelper = "sara"; // brings incidents into their state; of the team that has the restricted ones

const kResolve = { action: "resolve", resolution_code: "fixed", resolution_notes: "Done." };
const kInProgress = [{ action: "start" }];
const kClosed = [...kInProgress, kResolve, { action: "confirm", on_behalf: "By phone" }];
const kReason = { reason: `Because of ${kWord}` };

// By operation: what brings a new incident into the state it needs, and the body.
const kOnIncident = {
    edit_incident: { body: { affected_count: 3 } },
    triage_incident: { body: { urgency: 1 } },
    assign_incident: { body: { team: "network", ...kReason } },
    start_incident: {},
    hold_incident: { then: kInProgress, body: { hold_reason: "awaiting_vendor", note: `Call ${kWord}` } },
    resume_incident: { then: [...kInProgress, { action: "hold", hold_reason: "awaiting_change" }] },
    escalate_incident: { team: "desk", body: { team: "network", ...kReason } },
    raise_incident: { then: kInProgress, body: { ...kReason, whom: ["lena"] } },
    resolve_incident: { then: kInProgress, body: { resolution_code: "fixed", resolution_notes: "Done." } },
    confirm_incident: { then: [...kInProgress, kResolve], onBehalf: true },
    reject_incident: { then: [...kInProgress, kResolve], body: { comment: "No" }, onBehalf: true },
    rate_incident: { then: kClosed, body: { csat: 4 } },
    close_incident: { then: [...kInProgress, kResolve], body: kReason, nobody: true },
    cancel_incident: { body: { code: "mistake", text: "Not so" } },
    reopen_incident: { then: kClosed, body: { reason: "Again" } },
    write_reply: { body: { text: "A reply" } },
    write_note: { body: { text: `Between us: ${kWord}` } },
    add_watcher: { body: { user: "pal" } },
    redact_entry: { body: { field: "description", ...kReason } },
};

// What a requester does not see of an incident of their own: other watchers, and entries by `seq` (theirs have opaque
// ids).
const kHidden = ["redact_entry", "remove_watcher"];

// Whether the role sees what the operation is about.
export function sees(role, target, id) {
    const isRequester = role === "requester" || role === "admin";
    if (target === "own") return !(isRequester && kHidden.includes(id));
    if (target === "restricted") return role === "auditor";
    return !isRequester;
}

// A new incident of `owner` in the state that the operation needs, and the request's path and body.
export async function prepare(w, operation, owner, role, target) {
    const id = operation.operationId;
    const { then, team, nobody, onBehalf, body } = kOnIncident[id] ?? {};
    const isRestricted = target === "restricted";
    const file = await w.expect(201, kHelper, "POST", "/attachments?name=a.txt", undefined, {
        raw: { type: "text/plain", bytes: Buffer.from("a file") },
    });
    const logged = await w.log(kHelper, {
        ...{ title: isRestricted ? `Leak ${kWord}` : `For ${id}`, description: isRestricted ? kWord : "It is broken" },
        ...{ category: isRestricted ? "breach" : "printing", impact: 3, urgency: 2, channel: "phone" },
        ...(nobody && target !== "own" ? {} : { requester: owner }),
        ...(isRestricted ? {} : { team: team ?? "security" }),
        ...{ attachments: [file.body.id], then },
    });
    const watcher = isRestricted ? "bo" : "pal";
    const values = { number: logged.number, id: file.body.id, seq: 1, key: watcher, kind: "related" };
    const like = { requester: owner, ...(isRestricted ? { category: "breach" } : {}) };
    const twin = async () => (await w.log(kHelper, like)).number;
    const path = `/incidents/${logged.number}`;
    let sent = body ?? (operation.requestBody ? {} : undefined);
    if (id === "merge_incident") sent = { into: await twin() };
    if (id === "unmerge_incident") await w.act(kHelper, logged.number, "merge", { into: await twin() });
    if (id === "undo_incident" && kMayOnIncident[id][target]?.includes(role))
        await w.act(kByRole[role], logged.number, "triage", { urgency: 3 });
    if (id === "remove_watcher") await w.expect(200, kHelper, "POST", `${path}/watchers`, { user: watcher });
    if (id === "add_link") sent = { kind: "related", number: await twin() };
    if (id === "remove_link") {
        values.other = await twin();
        await w.expect(201, kHelper, "POST", `${path}/links`, { kind: "related", number: values.other });
    }
    if (onBehalf && target !== "own") sent = { ...sent, on_behalf: "Told us" };
    return { values, body: sent };
}

export const filled = (path, values) => path.replace("/api/v1", "").replace(/\{(\w+)\}/g, (_, name) => values[name]);

let serial = 0;
export const fresh = () => `walk-${++serial}`;

// The path and body of an operation on no incident: each call makes what it needs.
export async function prepareThing(w, operation, role) {
    const id = operation.operationId;
    const key = fresh();
    const noun = /^\/api\/v1\/([a-z-]+)/.exec(operation.path)[1];
    const named = { key, name: "Walked" };
    const has = operation.path.includes("{key}");
    const kFixed = {
        edit_me: { body: { language: "en" } },
        log_incident: { body: { title: "Walked" } },
        search: { query: "?q=walked" },
        upload_attachment: { query: "?name=w.txt", raw: { type: "text/plain", bytes: Buffer.from("w") } },
        create_token: { body: { name: "walked", scopes: ["read"] } },
        create_user: { body: { ...named, roles: ["requester"] } },
        edit_team: { values: { key: "desk" }, body: { public_name: "Service desk" } },
        set_user_password: { body: { password: "long-enough-password" } },
        deactivate_team: { query: "?successor=network" },
        edit_settings: { body: { desk_name: "Walked desk" } },
    };
    const request = { values: { key }, query: "", ...kFixed[id] };
    if (id === "set_priority_matrix") request.body = await w.get("root", "/priority-matrix");
    if (id === "revoke_token") {
        const token = { name: "to be revoked", scopes: ["read"] };
        request.values.id = (await w.expect(201, kByRole[role] ?? "anna", "POST", "/tokens", token)).body.id;
    }
    if (has && request.values.key === key) {
        const label = noun === "categories" ? { portal_label: "Walked" } : {};
        await w.expect(201, "root", "POST", `/${noun}`, { ...named, ...label });
    }
    if (request.body === undefined && operation.requestBody && !request.raw)
        request.body = operation.method === "POST" ? named : { name: "Renamed" };
    return request;
}
