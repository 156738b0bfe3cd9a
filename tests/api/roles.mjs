#!/usr/bin/env node
// Every operation of the contract, by every role, on incidents that are the caller's own, another person's, restricted;
// without credentials; with a token that only reads. And: nothing internal ever reaches a requester.
//
//   roles.mjs RECORDS      appends every answer to RECORDS for tests/contract/validate.mjs
import assert from "node:assert/strict";
import { kElsewhere, kMay, kMayOnIncident, kOpen } from "./may.mjs";
import { filled, fresh, kHelper, kWord, prepare, prepareThing, sees } from "./prepare.mjs";
import { kByRole, kRequesterEntryFields, kRequesterFields, run, until } from "./world.mjs";

// What one answer should have been, or nothing where it is right.
function judged(may, isSeen, status) {
    if (may) return status >= 200 && status < 300 ? undefined : "2xx";
    if (!isSeen) return status === 404 ? undefined : "404";
    return [403, 409, 422].includes(status) ? undefined : "403, 409 or 422";
}

async function operations(w) {
    const document = await w.get(undefined, "/openapi.json");
    return Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods)
            .filter(([, o]) => o.operationId !== undefined)
            .map(([method, o]) => ({ ...o, path, method: method.toUpperCase() })),
    );
}

// Fails with everything that was wrong, not only the first.
function none(wrong) {
    assert.equal(wrong.length, 0, `${wrong.length} wrong:\n  ${wrong.join("\n  ")}\n`);
}

async function walkIncidents(w, target) {
    const wrong = [];
    for (const operation of await operations(w)) {
        const id = operation.operationId;
        if (!operation.path.includes("{number}")) continue;
        for (const [role, who] of Object.entries(kByRole)) {
            const may = (kMayOnIncident[id][target] ?? []).includes(role);
            const owner = { own: who, other: "per", restricted: kHelper }[target];
            try {
                const { values, body } = await prepare(w, operation, owner, role, target);
                const answer = await w.call(who, operation.method, filled(operation.path, values), body);
                const expected = judged(may, sees(role, target, id), answer.status);
                const got = `${answer.status}, not ${expected}: ${answer.text.slice(0, 250)}`;
                if (expected) wrong.push(`${id} by ${role}: ${got}`);
            } catch (error) {
                wrong.push(`${id} by ${role}, before: ${error.message}`);
            }
        }
    }
    none(wrong);
}

// Everything in a body that a requester got: no field of the agents' form, and incidents and entries as they should be.
const kNever = [
    ...["state", "stage", "assignee", "team", "tier", "priority", "impact", "urgency", "seq", "hash", "actor"],
    ...["visibility", "changes", "blocked_actions", "flags", "restricted", "merged_into", "parent", "children_count"],
    ...["hold_reason", "opened_by", "priority_reason", "resolution_code", "external_ref", "recorded", "inferred"],
];

function offences(value, path = "") {
    if (value === null || typeof value !== "object") return [];
    if (Array.isArray(value)) return value.flatMap((v, i) => offences(v, `${path}/${i}`));
    const keys = Object.keys(value);
    const found = keys.filter((k) => kNever.includes(k)).map((k) => `${path}/${k}`);
    const same = (fields) => keys.length === fields.length && fields.every((f) => keys.includes(f));
    if ("allowed_actions" in value && "number" in value && !same(kRequesterFields)) found.push(`${path}: keys ${keys}`);
    if ("author" in value && "step" in value && !same(kRequesterEntryFields)) found.push(`${path}: keys ${keys}`);
    return [...found, ...keys.flatMap((k) => offences(value[k], `${path}/${k}`))];
}

const tests = {
    async "the table names every operation of the contract, and no other"(w) {
        const told = [...Object.keys(kMayOnIncident), ...Object.keys(kMay), ...kElsewhere, ...kOpen].sort();
        assert.deepEqual((await operations(w)).map((o) => o.operationId).sort(), told);
    },

    "own incidents, by every operation and role": (w) => walkIncidents(w, "own"),
    "another person's, by every operation and role": (w) => walkIncidents(w, "other"),
    "restricted ones, by every operation and role": (w) => walkIncidents(w, "restricted"),

    async "an unseen incident and one that is not there cannot be told apart"(w) {
        const { number } = await w.log(kHelper, { title: `Hidden ${kWord}`, category: "breach" });
        for (const who of ["ida", "anna", "dina", "lena"]) {
            const hidden = (await w.expect(404, who, "GET", `/incidents/${number}`)).body;
            const missing = (await w.expect(404, who, "GET", "/incidents/INC-999999")).body;
            for (const field of ["code", "title", "status"]) assert.equal(hidden[field], missing[field], who);
            assert.equal(hidden.detail.replace(number, ""), missing.detail.replace("INC-999999", ""));
            const link = { kind: "related", number };
            const { number: mine } = await w.log("anna", { title: "Mine" });
            const told = await w.call(who, "POST", `/incidents/${mine}/links`, link);
            assert.ok([403, 404, 422].includes(told.status) && !told.text.includes(kWord), told.text);
        }
        await w.expect(200, "axel", "GET", `/incidents/${number}`);
        await w.expect(200, kHelper, "GET", `/incidents/${number}`);
    },

    async "everything else, by every operation and role"(w) {
        const wrong = [];
        for (const operation of await operations(w)) {
            const roles = kMay[operation.operationId];
            if (roles === undefined) continue;
            for (const [role, who] of Object.entries(kByRole)) {
                try {
                    const { values, query, body, raw } = await prepareThing(w, operation, role);
                    const path = filled(operation.path, values) + query;
                    const answer = await w.call(who, operation.method, path, body, raw ? { raw } : {});
                    const { status } = answer;
                    const isRight = roles.includes(role) ? status >= 200 && status < 300 : status === 403;
                    const name = `${operation.operationId} by ${role}`;
                    if (!isRight) wrong.push(`${name}: ${status}: ${answer.text.slice(0, 250)}`);
                } catch (error) {
                    wrong.push(`${operation.operationId} by ${role}, before: ${error.message}`);
                }
            }
        }
        none(wrong);
    },

    async "nobody gives more than they have"(w) {
        for (const roles of [["agent"], ["requester", "admin"], ["auditor"], ["team_lead"]])
            for (const who of ["anna", "lena", "ines"]) {
                const made = { key: fresh(), name: "Risen", roles };
                const answer = await w.call(who, "POST", "/users", made);
                assert.ok([403, 422].includes(answer.status), `${who} makes ${roles}: ${answer.status}`);
            }
        await w.expect(403, "anna", "POST", "/users", { key: fresh(), name: "Risen", teams: ["desk"] });
        await w.expect(403, "anna", "POST", "/tokens", { name: "stolen", scopes: ["*"], user: "root" });
        await w.expect(403, "lena", "PATCH", "/teams/network", { public_name: "Not mine" });
        const short = await w.call("reader", "POST", "/tokens", { name: "more", scopes: ["*"] });
        assert.equal(short.status, 403);
    },

    async "without credentials nothing but what is open, with a reading token no change"(w) {
        const wrong = [];
        const { number } = await w.log("anna", { title: "For the reader" });
        const values = { number, key: "desk", id: 1, seq: 1, kind: "related", other: number };
        for (const operation of await operations(w)) {
            const { operationId: id, method } = operation;
            if (id === "sign_in") continue;
            const path = operation.path.startsWith("/api/v1") ? filled(operation.path, values) : `/${operation.path}`;
            const body = operation.requestBody ? {} : undefined;
            const bare = await w.call(undefined, method, path, body);
            const expected = kOpen.includes(id) ? 200 : 401;
            if (bare.status !== expected) wrong.push(`${id} by nobody: ${bare.status}, not ${expected}`);
            const bad = await w.call(undefined, method, path, body, { token: "flt_nonsense" });
            if (!kOpen.includes(id) && bad.status !== 401) wrong.push(`${id} by a wrong token: ${bad.status}, not 401`);
            if (method === "GET" || id === "sign_out") continue;
            const read = await w.call("reader", method, path, body);
            if (read.status !== 403) wrong.push(`${id} by a reading token: ${read.status}: ${read.text.slice(0, 200)}`);
        }
        assert.equal((await w.get("reader", `/incidents/${number}`)).number, number);
        none(wrong);
    },

    async "an organization that shares shows its incidents, one that does not hides them"(w) {
        const { number: shared } = await w.log("ida", { title: "Shared" });
        const { number: kept } = await w.log("per", { title: "Kept" });
        assert.equal((await w.get("ola", `/incidents/${shared}`)).number, shared);
        await w.expect(403, "ola", "POST", `/incidents/${shared}/replies`, { text: "Me too" });
        const confirm = await w.call("ola", "POST", `/incidents/${shared}/actions/confirm`, {});
        assert.ok([403, 409].includes(confirm.status), confirm.text);
        await w.expect(404, "pal", "GET", `/incidents/${kept}`);
        const lists = { ola: true, per: false, pal: false };
        for (const [who, sees] of Object.entries(lists)) {
            const { items } = await w.get(who, "/incidents?limit=200");
            assert.equal(items.some((i) => i.number === shared), sees, who);
        }
        const forOther = await w.call("ida", "POST", "/incidents", { title: "For ola", requester: "ola" });
        assert.ok([403, 422].includes(forOther.status), forOther.text);
    },

    async "nothing internal reaches a requester by any route"(w) {
        const { number: n } = await w.log("ida", { title: "Plain", service: "mail" });
        const act = (action, body) => w.act("anna", n, action, body);
        await act("triage", { category: "printing", priority: "P1", priority_reason: `Priority ${kWord}` });
        await act("assign", { team: "desk" });
        await act("assign", { team: "network", reason: `Assigned ${kWord}` });
        await act("hold", { hold_reason: "awaiting_vendor", note: `Held ${kWord}` });
        await act("raise", { reason: `Raised ${kWord}` });
        await act("escalate", { team: "security", reason: `Escalated ${kWord}` });
        await w.expect(201, "anna", "POST", `/incidents/${n}/notes`, { text: `Note ${kWord}` });
        await w.expect(201, "anna", "POST", "/attachments?name=x.txt", undefined, {
            raw: { type: "text/plain", bytes: Buffer.from("x") },
        });
        const secret = { title: `Secret ${kWord}`, category: "breach", requester: "axel" };
        const { number: hidden } = await w.log(kHelper, secret);
        const { number: child } = await w.log("per", { title: "A child" });
        await w.expect(201, "anna", "POST", `/incidents/${n}/links`, { kind: "child", number: child });
        assert.ok((await w.get("anna", `/incidents/${n}/timeline?limit=200`)).items.length > 6);
        for (const who of ["ida", "ola", "per"]) {
            for (const number of [n, hidden, child, "INC-999999"]) {
                const path = `/incidents/${number}`;
                for (const of of ["", "/timeline", "/attachments", "/links", "/watchers"])
                    await w.call(who, "GET", `${path}${of}`);
                for (const action of ["confirm", "reject", "rate", "reopen", "undo", "merge", "triage"])
                    await w.call(who, "POST", `${path}/actions/${action}`, action === "merge" ? { into: n } : {});
                await w.call(who, "PATCH", path, { title: "Mine" });
                await w.call(who, "POST", `${path}/notes`, { text: "Mine" });
            }
            const lists = ["/incidents?limit=200", "/me", "/categories", "/services", "/teams", "/views", "/audit"];
            for (const path of lists)
                await w.call(who, "GET", path);
            assert.deepEqual((await w.get(who, `/incidents?q=${kWord}`)).items, [], who);
        }
    },

    async "nor does it by the search"(w) {
        const { number } = await w.log("ida", { title: "Searched" });
        await w.expect(201, "anna", "POST", `/incidents/${number}/notes`, { text: `Note ${kWord}` });
        await until("the search has read the note", async () =>
            (await w.get("anna", `/search?q=${kWord}`)).items.some((i) => i.number === number));
        for (const who of ["ida", "ola", "per", "dina"])
            assert.deepEqual((await w.get(who, `/search?q=${kWord}`)).items, [], who);
    },

    async "nor does it by the stream"(w) {
        const streams = ["ida", "anna"].map((who) => w.stream(who));
        for (const stream of streams) assert.equal((await stream.opened).response.status, 200);
        const { number } = await w.log(kHelper, { title: `Secret ${kWord}`, category: "breach" });
        await w.expect(201, kHelper, "POST", `/incidents/${number}/notes`, { text: kWord });
        const { number: last } = await w.log("ida", { title: "Last" });
        for (const stream of streams) {
            await stream.find("the last one is told", (e) => e.number === last);
            const events = await stream.close();
            assert.ok(!events.some((e) => e.number === number), `${stream.who} hears of a restricted one`);
            assert.ok(!stream.text.includes(kWord));
        }
    },

    // After all others: what they made requesters get.
    async "every body that a requester ever got is clean"(w) {
        assert.ok(w.requesterBodies.length > 150, `${w.requesterBodies.length} bodies`);
        const wrong = [];
        for (const [what, text] of w.requesterBodies) {
            // What the caller sent may come back in their own error; what others wrote may not.
            if (text.includes(kWord) && !what.includes(kWord)) wrong.push(`${what}: ${text.slice(0, 300)}`);
            for (const word of ["Desk crew", "Network crew", "Security crew"])
                if (text.includes(word)) wrong.push(`${what} names "${word}"`);
            // A view's filter names fields to filter by, not what they hold.
            if (!text.startsWith("{") || what.includes("/views") || what.includes("openapi")) continue;
            for (const offence of offences(JSON.parse(text))) wrong.push(`${what}: ${offence}`);
        }
        none([...new Set(wrong)].slice(0, 40));
    },
};

await run(tests);
