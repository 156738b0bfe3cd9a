// Ends and what comes after them: undo, cancel, close, merge, children, reopening (domain.md §2, §8).
import assert from "node:assert/strict";

const kinds = (entries) => entries.map((e) => e.kind);

export const endingTests = {
    async "undo takes back one's own last triage, assign, hold or resume"(w) {
        const { number: n } = await w.log("ida");
        await w.act("anna", n, "triage", { category: "printing", impact: 3, urgency: 1 });
        await w.act("anna", n, "assign", { team: "desk" });
        await w.act("anna", n, "assign", { team: "network", reason: "Wrong team" });
        await w.refused(409, "incident.transition_refused", "lena", n, "undo");
        const back = await w.act("anna", n, "undo");
        assert.deepEqual([back.team.key, back.reassignment_count], ["desk", 1]);
        assert.ok(kinds(await w.timeline("anna", n)).includes("undo"));
        await w.refused(409, "incident.transition_refused", "anna", n, "undo");
    },

    async "confirm from open, cancel by the requester, close without one"(w) {
        const { number: a } = await w.log("ida");
        assert.equal((await w.act("ida", a, "confirm", {})).step, "closed");
        assert.equal((await w.get("anna", `/incidents/${a}`)).resolution_code, "recovered_by_itself");
        const { number: b } = await w.log("ida");
        assert.equal((await w.act("ida", b, "cancel", { code: "mistake", text: "My error" })).step, "canceled");
        const { number: c } = await w.log("anna", { category: "printing", impact: 3, urgency: 3, team: "desk" });
        await w.act("anna", c, "resolve", { resolution_code: "fixed", resolution_notes: "Done" });
        assert.equal((await w.act("anna", c, "close", { reason: "Nobody to ask" })).state, "closed");
        assert.equal((await w.act("anna", c, "reopen", { reason: "Not done" })).is_open, true);
        const { number: d } = await w.started("Has a requester");
        await w.act("anna", d, "resolve", { resolution_code: "fixed", resolution_notes: "Done" });
        await w.refused(409, "incident.transition_refused", "anna", d, "close", { reason: "In a hurry" });
        await w.act("anna", d, "reject", { comment: "Not so", on_behalf: "By phone" });
    },

    async "merge and unmerge"(w) {
        const { number: target } = await w.started("The one");
        const { number: twin } = await w.log("ida", { title: "The same" });
        const merged = await w.act("anna", twin, "merge", { into: target });
        assert.deepEqual([merged.state, merged.merged_into], ["canceled", target]);
        await w.refused(422, "request.invalid", "anna", target, "merge", { into: target });
        await w.expect(201, "ida", "POST", `/incidents/${twin}/replies`, { text: "Lands on the target" });
        assert.ok((await w.timeline("anna", target)).some((e) => e.text === "Lands on the target"));
        await w.refused(409, "incident.transition_refused", "anna", twin, "reopen", { reason: "no" });
        const back = await w.act("anna", twin, "unmerge");
        assert.deepEqual([back.state, back.merged_into], ["new", null]);
        assert.ok(kinds(await w.timeline("anna", target)).includes("unmerged_from"));
        const { number: others } = await w.log("per", { title: "Another's" });
        const refused = await w.call("anna", "POST", `/incidents/${others}/actions/merge`, { into: target });
        assert.ok([409, 422].includes(refused.status), `another requester's: ${refused.status}`);
    },

    async "the parent's resolve takes untouched children along"(w) {
        const { number: parent } = await w.started("Exchange is down");
        const children = [];
        for (const who of ["ola", "per", "pal"]) {
            const { number } = await w.log(who, { title: "No mail" });
            await w.act("anna", number, "triage", { category: "access-password", impact: 3, urgency: 2 });
            await w.expect(201, "anna", "POST", `/incidents/${parent}/links`, { kind: "child", number });
            children.push(number);
        }
        await w.expect(201, "anna", "POST", `/incidents/${children[2]}/replies`, { text: "We are on it." });
        assert.equal((await w.get("anna", `/incidents/${parent}`)).children_count, 3);
        assert.equal((await w.get("anna", `/incidents/${children[0]}`)).parent, parent);
        await w.act("anna", parent, "resolve", { resolution_code: "fixed", resolution_notes: "Restarted." });
        const states = [];
        for (const child of children) states.push((await w.get("anna", `/incidents/${child}`)).state);
        assert.deepEqual(states, ["resolved", "resolved", "new"]);
        await w.act("ola", children[0], "reject", { comment: "Not mine" });
        assert.equal((await w.get("anna", `/incidents/${parent}`)).state, "resolved");
        assert.ok(kinds(await w.timeline("anna", parent)).includes("child_rejected"));
        const text = JSON.stringify(await w.timeline("ola", children[0]));
        assert.ok(!text.includes(parent), "a child's requester never reads of the parent");
    },

    // Nothing promises a time that no timer keeps.
    async "a resolved incident names no time of closing while no timer closes it"(w) {
        const { number: n } = await w.started("Silence");
        await w.act("anna", n, "resolve", { resolution_code: "fixed", resolution_notes: "Done" });
        for (const who of ["anna", "ida"]) {
            const { auto_close_at: at } = await w.get(who, `/incidents/${n}`);
            assert.equal(at, null, `${who}: auto_close_at is ${at}`);
        }
    },

    async "a late reply to a closed incident reopens it"(w) {
        const { number: n } = await w.log("ida");
        await w.act("ida", n, "confirm", {});
        await w.expect(201, "ida", "POST", `/incidents/${n}/replies`, { text: "Broken again" });
        const back = await w.get("anna", `/incidents/${n}`);
        assert.deepEqual([back.is_open, back.reopen_count], [true, 1]);
    },
};
