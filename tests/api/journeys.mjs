#!/usr/bin/env node
// The life of incidents over HTTP, from logging to closure, as domain.md §2 and §8 and api.md tell it.
//
//   journeys.mjs RECORDS      appends every answer to RECORDS for tests/contract/validate.mjs
import assert from "node:assert/strict";
import { deskTests } from "./desk_journeys.mjs";
import { endingTests } from "./ending_journeys.mjs";
import { listTests } from "./list_journeys.mjs";
import { relationTests } from "./relation_journeys.mjs";
import { ruleTests } from "./rule_journeys.mjs";
import { kRequesterEntryFields, kRequesterFields, run } from "./world.mjs";

const keysOf = (thing) => Object.keys(thing).sort();
const actionsOf = (incident) => incident.allowed_actions.map((a) => a.action).sort();
const kinds = (entries) => entries.map((e) => e.kind);

const lifeTests = {
    async "an incident lives from logging to its rating"(w) {
        const logged = await w.log("ida", { title: "Printer on fire", description: "It smokes.", service: "mail" });
        assert.deepEqual(keysOf(logged), [...kRequesterFields].sort());
        assert.equal(logged.step, "received");
        assert.equal(logged.requester.key, "ida");
        assert.deepEqual(actionsOf(logged), ["cancel", "confirm"]);
        const n = logged.number;
        let seen = await w.get("anna", `/incidents/${n}`);
        assert.equal(seen.channel, "api");
        const stages = [[seen.state, seen.stage]];
        const step = async (who, action, body) => {
            const before = seen.version;
            const answer = await w.act(who, n, action, body);
            seen = await w.get("anna", `/incidents/${n}`);
            assert.ok(seen.version > before, `${action} raises the version`);
            stages.push([seen.state, seen.stage]);
            return answer;
        };
        await step("anna", "triage", { category: "access-password", impact: 2, urgency: 1 });
        assert.equal(seen.priority, "P2");
        assert.ok(seen.triaged_at);
        if (seen.team?.key !== "desk") await step("anna", "assign", { team: "desk" });
        await step("anna", "start");
        assert.equal(seen.assignee.key, "anna");
        await step("anna", "hold", { hold_reason: "awaiting_requester", question: "Which printer?" });
        assert.equal(seen.hold_reason, "awaiting_requester");
        assert.equal((await w.get("ida", `/incidents/${n}`)).waiting_for_you, true);
        await w.expect(201, "ida", "POST", `/incidents/${n}/replies`, { text: "The one on floor 2." });
        seen = await w.get("anna", `/incidents/${n}`);
        assert.equal(seen.state, "in_progress");
        assert.equal(seen.hold_reason, null);
        assert.ok(seen.flags.includes("needs_reply"));
        await step("anna", "resolve", { resolution_code: "fixed", resolution_notes: "Put the fire out." });
        assert.equal(seen.is_open, true);
        assert.ok(seen.resolved_at);
        const asked = await w.get("ida", `/incidents/${n}`);
        assert.equal(asked.step, "your_ok");
        assert.equal(asked.resolution_notes, "Put the fire out.");
        assert.deepEqual(actionsOf(asked), ["confirm", "reject"]);
        await step("ida", "reject", { comment: "Still smoking." });
        assert.equal(seen.state, "in_progress");
        assert.equal(seen.reopen_count, 1);
        await step("anna", "resolve", { resolution_code: "workaround", resolution_notes: "Use the other one." });
        const closed = await step("ida", "confirm", { csat: 4, comment: "Thanks" });
        assert.equal(closed.step, "closed");
        assert.equal(closed.csat, 4);
        assert.ok(closed.closed_at && closed.reopen_until);
        assert.deepEqual(actionsOf(closed), ["rate", "reopen"]);
        await step("ida", "rate", { csat: 5 });
        assert.equal(seen.csat, 5);
        await step("ida", "reopen", { reason: "It burns again." });
        assert.equal(seen.state, "in_progress");
        assert.equal(seen.reopen_count, 2);
        const states = stages.map(([state]) => state);
        assert.deepEqual(
            states.slice(states.indexOf("in_progress")),
            ["in_progress", "on_hold", "resolved", "in_progress", "resolved", "closed", "closed", "in_progress"],
        );
        const stageOf = { in_progress: 4, on_hold: 4, resolved: 5, closed: 5 };
        for (const [state, stage] of stages) if (stageOf[state]) assert.equal(stage, stageOf[state], state);

        const entries = await w.timeline("anna", n);
        assert.deepEqual(entries.map((e) => e.seq), entries.map((_, i) => i + 1));
        const told = ["log", "triage", "start", "hold", "reply", "resolve", "reject", "confirm", "rate", "reopen"];
        for (const kind of told)
            assert.ok(kinds(entries).includes(kind), `an entry of kind ${kind}`);
        const open = await w.timeline("ida", n);
        for (const entry of open) assert.deepEqual(keysOf(entry), [...kRequesterEntryFields].sort());
        assert.ok(open.some((e) => e.text === "Which printer?"), "the question is public");
        assert.ok(!kinds(open).includes("note"));
    },

    async "stages 1, 2 and 3 follow from what is known"(w) {
        const { number: n } = await w.log("ida");
        assert.equal((await w.get("anna", `/incidents/${n}`)).stage, 1);
        assert.equal((await w.act("anna", n, "triage", { category: "printing" })).stage, 2);
        const known = await w.act("anna", n, "triage", { impact: 3, urgency: 3 });
        assert.deepEqual([known.stage, known.priority], [2, "P5"]);
        const assigned = await w.act("anna", n, "assign", { team: "desk" });
        assert.deepEqual([assigned.state, assigned.stage, assigned.tier], ["assigned", 3, 1]);
        const canceled = await w.act("anna", n, "cancel", { code: "test", text: "Only a trial." });
        assert.deepEqual([canceled.state, canceled.stage, canceled.is_open], ["canceled", null, false]);
        assert.equal((await w.get("ida", `/incidents/${n}`)).step, "canceled");
    },

    async "what the table does not allow is refused with the state and the allowed actions"(w) {
        const { number: n } = await w.log("ida");
        const told = await w.refused(409, "incident.transition_refused", "anna", n, "resume");
        assert.equal(told.state, "new");
        assert.deepEqual(told.allowed_actions, (await w.get("anna", `/incidents/${n}`)).allowed_actions);
        const refused = await w.refused(409, "incident.transition_refused", "ida", n, "reject", { comment: "No" });
        assert.equal(refused.step, "received");
        assert.equal(refused.state, undefined);
        await w.refused(403, "auth.forbidden", "ida", n, "start");
        const others = { unmerge: {}, undo: {}, rate: { csat: 3 }, close: { reason: "x" } };
        for (const [action, body] of Object.entries(others)) {
            const answer = await w.call("anna", "POST", `/incidents/${n}/actions/${action}`, body);
            assert.ok([403, 409].includes(answer.status), `${action}: ${answer.status}`);
        }
        const missing = await w.refused(422, "request.invalid", "anna", n, "resolve", {});
        assert.ok(missing.fields.some((f) => f.pointer === "/resolution_code" && f.code === "required"));
        assert.ok(missing.fields.some((f) => f.pointer === "/resolution_notes" && f.code === "required"));
    },

    async "allowed_actions are exactly what is accepted"(w) {
        const { number: n } = await w.started("Allowed");
        const incident = await w.get("anna", `/incidents/${n}`);
        assert.deepEqual(
            actionsOf(incident).filter((a) => a !== "undo"),
            ["assign", "cancel", "escalate", "hold", "merge", "raise", "resolve", "triage"],
        );
        const hold = incident.allowed_actions.find((a) => a.action === "hold");
        assert.equal(hold.to, "on_hold");
        assert.ok(hold.requires.includes("hold_reason"));
        await w.act("anna", n, "raise", { reason: "Many people wait." });
        await w.act("anna", n, "assign", { team: "desk", assignee: "lena" });
        const escalated = await w.act("anna", n, "escalate", { team: "network", reason: "A router." });
        assert.deepEqual([escalated.state, escalated.assignee, escalated.tier], ["assigned", null, 2]);
        assert.equal(escalated.reassignment_count, 1);
        await w.refused(422, "request.invalid", "anna", n, "escalate", { team: "desk", reason: "Down again." });
    },

    async "edits of other fields merge, an edit of the same field is stale"(w) {
        const { number: n } = await w.started("Two at once");
        const first = await w.expect(200, "anna", "GET", `/incidents/${n}`);
        const tag = first.headers.etag;
        await w.expect(200, "lena", "PATCH", `/incidents/${n}`, { title: "Lena's title" });
        const merged = await w.expect(200, "anna", "PATCH", `/incidents/${n}`, { affected_count: 7 }, {
            headers: { "If-Match": tag },
        });
        assert.deepEqual([merged.body.title, merged.body.affected_count], ["Lena's title", 7]);
        const mine = { title: "Anna's title" };
        const stale = await w.expect(409, "anna", "PATCH", `/incidents/${n}`, mine, { headers: { "If-Match": tag } });
        assert.equal(stale.body.code, "incident.stale");
        assert.deepEqual(stale.body.changed, ["title"]);
        assert.equal(stale.body.current.title, "Lena's title");
        const version = first.body.version;
        const again = await w.expect(409, "anna", "PATCH", `/incidents/${n}`, { ...mine, version });
        assert.equal(again.body.code, "incident.stale");
        await w.act("lena", n, "hold", { hold_reason: "awaiting_vendor" });
        await w.refused(409, "incident.stale", "anna", n, "escalate", { team: "network", reason: "x", version });
        const unconditional = await w.expect(200, "anna", "PATCH", `/incidents/${n}`, mine);
        assert.equal(unconditional.body.title, "Anna's title");
        const fresh = await w.expect(200, "anna", "GET", `/incidents/${n}`);
        assert.notEqual(fresh.headers.etag, tag);
        assert.equal(fresh.body.version, unconditional.body.version);
        await w.expect(422, "anna", "PATCH", `/incidents/${n}`, { state: "closed" });
    },

    async "the same key and body give the first result"(w) {
        const headers = { "Idempotency-Key": "once-1" };
        const body = { title: "Only once" };
        const first = await w.expect(201, "ida", "POST", "/incidents", body, { headers });
        const again = await w.expect(201, "ida", "POST", "/incidents", body, { headers });
        assert.equal(again.body.number, first.body.number);
        assert.equal(again.headers.location, first.headers.location);
        const other = await w.expect(422, "ida", "POST", "/incidents", { title: "Another" }, { headers });
        assert.equal(other.body.code, "idempotency.mismatch");
        const another = await w.expect(201, "per", "POST", "/incidents", body, { headers });
        assert.notEqual(another.body.number, first.body.number, "a key is one caller's");
        const path = `/incidents/${first.body.number}/replies`;
        const reply = { text: "Said once" };
        const one = await w.expect(201, "ida", "POST", path, reply, { headers: { "Idempotency-Key": "once-2" } });
        const two = await w.expect(201, "ida", "POST", path, reply, { headers: { "Idempotency-Key": "once-2" } });
        assert.equal(two.body.id, one.body.id);
        const said = (await w.timeline("ida", first.body.number)).filter((e) => e.text === "Said once");
        assert.equal(said.length, 1);
    },

    async "twenty concurrent duplicates log one incident"(w) {
        const send = () =>
            w.call("ola", "POST", "/incidents", { title: "Concurrent" }, { headers: { "Idempotency-Key": "race" } });
        const answers = await Promise.all(Array.from({ length: 20 }, send));
        assert.deepEqual([...new Set(answers.map((a) => a.status))], [201]);
        assert.equal(new Set(answers.map((a) => a.body.number)).size, 1);
        const items = (await w.get("ola", "/incidents?limit=200")).items;
        assert.equal(items.filter((i) => i.title === "Concurrent").length, 1);
    },

    async "a call is logged, resolved and confirmed in one act, or not at all"(w) {
        const call = {
            ...{ title: "Forgot the password", requester: "per", channel: "phone", category: "access-password" },
            ...{ impact: 3, urgency: 2, team: "desk" },
        };
        const resolve = { action: "resolve", resolution_code: "user_guidance", resolution_notes: "Reset it." };
        const confirm = { action: "confirm", on_behalf: "Said so on the phone" };
        const done = await w.log("anna", { ...call, then: [resolve, confirm] });
        assert.deepEqual([done.state, done.resolution_code, done.stage], ["closed", "user_guidance", 5]);
        const before = (await w.get("anna", "/incidents?limit=200&requester=per")).items.length;
        const impossible = { ...call, then: [resolve, { action: "start" }] };
        const refused = await w.expect(409, "anna", "POST", "/incidents", impossible);
        assert.equal(refused.body.code, "incident.transition_refused");
        assert.equal(refused.body.state, "resolved");
        assert.equal(refused.body.fields[0].pointer, "/then/1/action");
        const offered = refused.body.allowed_actions.map((a) => a.action);
        assert.ok(offered.includes("confirm") && !offered.includes("start"), offered.join());
        const wrong = await w.expect(422, "anna", "POST", "/incidents", {
            ...{ ...call, then: [{ action: "resolve", resolution_code: "fixed" }] },
        });
        assert.ok(wrong.body.fields.some((f) => f.pointer === "/then/0/resolution_notes"), wrong.text);
        assert.equal((await w.get("anna", "/incidents?limit=200&requester=per")).items.length, before);
        await w.expect(422, "anna", "POST", "/incidents", {
            ...{ ...call, then: [resolve, { ...confirm, csat: 5 }] },
        });
        const stranger = await w.log("anna", { title: "A caller", requester: { name: "Nils Ny", phone: "+47 1" } });
        assert.equal(stranger.requester.name, "Nils Ny");
    },

    async "a reply with then is one act"(w) {
        const { number: n } = await w.started("Reply and hold");
        await w.expect(201, "anna", "POST", `/incidents/${n}/replies`, {
            ...{ text: "Which room?", then: [{ action: "hold", hold_reason: "awaiting_requester" }] },
        });
        assert.equal((await w.get("anna", `/incidents/${n}`)).state, "on_hold");
        const entries = (await w.timeline("anna", n)).length;
        const late = await w.expect(409, "anna", "POST", `/incidents/${n}/replies`, {
            ...{ text: "Nobody reads this.", then: [{ action: "resume" }, { action: "reopen", reason: "no" }] },
        });
        assert.deepEqual([late.body.state, late.body.fields[0].pointer], ["in_progress", "/then/1/action"]);
        assert.equal((await w.timeline("anna", n)).length, entries);
        await w.expect(201, "anna", "POST", `/incidents/${n}/notes`, { text: "A note.", then: [{ action: "resume" }] });
        assert.equal((await w.get("anna", `/incidents/${n}`)).state, "in_progress");
    },

    async "only awaiting_requester resumes by a reply; scheduled needs a time"(w) {
        const { number: n } = await w.started("Vendor");
        await w.refused(422, "request.invalid", "anna", n, "hold", { hold_reason: "scheduled" });
        await w.refused(422, "request.invalid", "anna", n, "hold", { hold_reason: "awaiting_requester" });
        await w.act("anna", n, "hold", { hold_reason: "awaiting_vendor", note: "Case 77" });
        await w.expect(201, "ida", "POST", `/incidents/${n}/replies`, { text: "Any news?" });
        assert.equal((await w.get("anna", `/incidents/${n}`)).state, "on_hold");
        const at = new Date(Date.now() + 86400e3).toISOString().replace(/\.\d+Z/, "Z");
        const held = await w.act("anna", n, "hold", { hold_reason: "scheduled", resume_at: at });
        assert.deepEqual([held.hold_reason, held.resume_at], ["scheduled", at]);
        assert.equal((await w.act("anna", n, "resume")).state, "in_progress");
    },
};

await run({ ...lifeTests, ...endingTests, ...ruleTests, ...relationTests, ...listTests, ...deskTests });
