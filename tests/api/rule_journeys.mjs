// Rules that span people and things: sight, versions, priority, routing, the end of teams (domain.md §3, §4, §8,
// §10).
import assert from "node:assert/strict";
import { until } from "./world.mjs";

export const ruleTests = {
    async "what happens inside the desk changes nothing that a requester sees"(w) {
        const { number: n } = await w.started("Quiet");
        const path = `/incidents/${n}`;
        const before = await w.expect(200, "ida", "GET", path);
        const entries = (await w.timeline("ida", n)).length;
        await w.expect(201, "anna", "POST", `${path}/notes`, { text: "Only us" });
        await w.act("anna", n, "raise", { reason: "Slow", whom: ["lena"] });
        await w.expect(200, "anna", "PATCH", path, { affected_count: 12, tags: ["floor-2"] });
        await w.expect(200, "anna", "POST", `${path}/watchers`, { user: "kate" });
        const after = await w.expect(200, "ida", "GET", path);
        assert.deepEqual(after.body, before.body);
        assert.equal(after.headers.etag, before.headers.etag);
        assert.equal((await w.timeline("ida", n)).length, entries);
        await w.expect(201, "anna", "POST", `${path}/replies`, { text: "For you" });
        const told = await w.expect(200, "ida", "GET", path);
        assert.equal(told.body.version, before.body.version + 1);
        assert.notEqual(told.headers.etag, before.headers.etag);
    },

    async "restricting hides, a change of team moves the sight, only a lead lifts it"(w) {
        const { number: n } = await w.log("ida", { title: "Sensitive" });
        const path = `/incidents/${n}`;
        const bare = await w.call("bo", "PATCH", path, { restricted: true });
        assert.ok([409, 422].includes(bare.status), "without a team nothing is restricted");
        await w.act("bo", n, "assign", { team: "desk" });
        await w.expect(200, "anna", "PATCH", path, { restricted: true });
        await w.expect(404, "bo", "GET", path);
        for (const list of ["/incidents?limit=200", "/incidents?q=sensitive"])
            assert.ok(!(await w.get("bo", list)).items.some((i) => i.number === n), list);
        await w.expect(403, "anna", "PATCH", path, { restricted: false });
        await w.expect(404, "ola", "GET", path); // sharing ends where it is restricted
        assert.equal((await w.get("ida", path)).number, n);
        await w.expect(200, "axel", "GET", path);
        await w.act("anna", n, "assign", { team: "network", reason: "Theirs" });
        await w.expect(404, "anna", "GET", path);
        await w.expect(200, "bo", "GET", path);
        await w.act("bo", n, "assign", { team: "desk", reason: "Yours" });
        assert.equal((await w.expect(200, "lena", "PATCH", path, { restricted: false })).body.restricted, false);
        await w.expect(200, "bo", "GET", path);
    },

    async "a category that restricts brings its team"(w) {
        const { number: n } = await w.log("ida", { title: "Leaked mails" });
        const answer = await w.act("anna", n, "triage", { category: "breach" }, { as: "admin" });
        assert.ok(answer.number === undefined || answer.number === n);
        await w.expect(404, "anna", "GET", `/incidents/${n}`);
        const seen = await w.get("sara", `/incidents/${n}`);
        assert.deepEqual([seen.restricted, seen.team.key], [true, "security"]);
    },

    async "priority: matrix, a VIP, an override and its end"(w) {
        await w.expect(200, "root", "PATCH", "/users/per", { vip: true });
        const { number: n } = await w.log("per", { title: "The boss" });
        const vip = await w.act("anna", n, "triage", { impact: 3, urgency: 2 });
        assert.deepEqual([vip.urgency, vip.priority], [2, "P3"]);
        assert.ok(vip.flags.includes("vip"));
        await w.expect(200, "root", "PATCH", "/users/per", { vip: false });
        const { number: m } = await w.log("ida");
        const half = await w.refused(422, "request.invalid", "anna", m, "triage", { impact: 2 });
        assert.deepEqual(half.fields.map((f) => f.pointer), ["/urgency"]);
        const plain = await w.act("anna", m, "triage", { impact: 2, urgency: 2 });
        assert.equal(plain.priority, "P3");
        await w.refused(422, "request.invalid", "anna", m, "triage", { priority: "P1" });
        const forced = await w.act("anna", m, "triage", { priority: "P1", priority_reason: "The fair is today" });
        assert.deepEqual([forced.priority, forced.priority_reason], ["P1", "The fair is today"]);
        const back = await w.act("anna", m, "triage", { urgency: 3 });
        assert.deepEqual([back.priority, back.priority_reason], ["P4", null]);
    },

    async "a service's support team gets its incidents"(w) {
        const { number: n } = await w.log("ida", { title: "No mail", service: "mail" });
        const seen = await w.get("anna", `/incidents/${n}`);
        assert.deepEqual([seen.team?.key, seen.state], ["desk", "assigned"]);
        const { number: m } = await w.log("ida", { title: "No tunnel", service: "vpn" });
        assert.equal((await w.get("anna", `/incidents/${m}`)).state, "new");
    },

    async "a dissolved team's open incidents go to its successor"(w) {
        await w.expect(201, "root", "POST", "/teams", { key: "ending", name: "Ending", tier: 1, members: ["ines"] });
        const numbers = [];
        for (const [title, start] of [["Waiting", false], ["Going on", true]]) {
            const { number } = await w.log("ida", { title });
            await w.act("anna", number, "triage", { category: "printing", impact: 3, urgency: 3 });
            await w.act("anna", number, "assign", { team: "ending", assignee: "ines" });
            if (start) await w.act("ines", number, "start");
            numbers.push(number);
        }
        await w.expect(204, "root", "DELETE", "/teams/ending?successor=network");
        for (const number of numbers) {
            const moved = await until(`${number} has moved`, async () => {
                const now = await w.get("anna", `/incidents/${number}`);
                return now.team.key === "network" ? now : undefined;
            });
            assert.deepEqual([moved.state, moved.assignee, moved.reassignment_count], ["assigned", null, 0]);
            const kinds = (await w.timeline("anna", number)).map((e) => e.kind);
            assert.ok(kinds.includes("team_dissolved"));
        }
        const { number } = await w.log("ida");
        await w.refused(422, "request.invalid", "anna", number, "assign", { team: "ending" });
    },

    async "a redacted file is gone"(w) {
        const raw = { type: "text/plain", bytes: Buffer.from("the password is zebra") };
        const { body: file } = await w.expect(201, "ida", "POST", "/attachments?name=p.txt", undefined, { raw });
        const { number: n } = await w.log("ida", { title: "File", attachments: [file.id] });
        const path = `/incidents/${n}`;
        const [entry] = (await w.timeline("lena", n)).filter((e) => e.attachments.length > 0);
        const body = { attachment: file.id, reason: "A password" };
        await w.expect(200, "lena", "POST", `${path}/timeline/${entry.seq}/redact`, body);
        for (const who of ["ida", "anna", "axel"])
            await w.expect(404, who, "GET", `${path}/attachments/${file.id}`);
        assert.match(await w.command("verify"), /\S/);
    },

    async "a requester's stale act names only what a requester has"(w) {
        const { number: n, version } = await w.log("ida", { title: "Too late" });
        await w.act("anna", n, "assign", { team: "desk" });
        await w.act("anna", n, "start");
        const cancel = { code: "mistake", text: "Mine", version };
        const told = await w.expect(409, "ida", "POST", `/incidents/${n}/actions/cancel`, cancel);
        assert.ok(["incident.stale", "incident.transition_refused"].includes(told.body.code), told.text);
        assert.ok(!/"state"|in_progress.*assignee/.test(told.text), told.text);
    },
};
