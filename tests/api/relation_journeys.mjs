// Around an incident: files, watchers, links, redaction (api.md §4, domain.md §2, §10).
import assert from "node:assert/strict";
import { numbers, until } from "./world.mjs";

export const relationTests = {
    async "a file goes up and comes down, with a Japanese name"(w) {
        const name = "障害報告書 (最終).pdf";
        const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 256));
        const path = `/attachments?name=${encodeURIComponent(name)}`;
        const raw = { type: "application/pdf", bytes };
        const { body: pending } = await w.expect(201, "ida", "POST", path, undefined, { raw });
        assert.deepEqual([pending.name, pending.size, pending.type], [name, 5000, "application/pdf"]);
        const { number: n } = await w.log("ida", { title: "With a file", attachments: [pending.id] });
        const [listed] = (await w.get("ida", `/incidents/${n}/attachments`)).items;
        assert.deepEqual([listed.name, listed.size], [name, 5000]);
        const got = await w.expect(200, "ida", "GET", `/incidents/${n}/attachments/${listed.id}`);
        assert.ok(got.bytes.equals(bytes), "the bytes are the same");
        assert.match(got.headers["content-disposition"], /filename\*=UTF-8''/);
        assert.ok(got.headers["content-disposition"].includes(encodeURIComponent("障害報告書")));
        assert.equal(got.headers["x-content-type-options"], "nosniff");
        await w.expect(404, "per", "GET", `/incidents/${n}/attachments/${listed.id}`);
        const stolen = await w.expect(422, "per", "POST", "/incidents", { title: "x", attachments: [pending.id] });
        assert.equal(stolen.body.fields[0].pointer, "/attachments/0");
        assert.ok((await w.get("anna", `/incidents/${n}`)).flags.includes("attachment"));

        const note = await w.expect(201, "anna", "POST", "/attachments?name=inside.txt", undefined, {
            raw: { type: "text/plain", bytes: Buffer.from("for us") },
        });
        await w.expect(201, "anna", "POST", `/incidents/${n}/notes`, { text: "See file", attachments: [note.body.id] });
        assert.equal((await w.get("ida", `/incidents/${n}/attachments`)).items.length, 1);
        const both = (await w.get("anna", `/incidents/${n}/attachments`)).items;
        assert.deepEqual(both.map((a) => a.visibility).sort(), ["internal", "public"]);
        await w.expect(404, "ida", "GET", `/incidents/${n}/attachments/${note.body.id}`);
    },

    async "watchers see and reply, and stop seeing"(w) {
        const { number: n } = await w.log("per", { title: "Watched" });
        await w.expect(404, "pal", "GET", `/incidents/${n}`);
        await w.expect(200, "anna", "POST", `/incidents/${n}/watchers`, { user: "pal" });
        const seen = await w.get("pal", `/incidents/${n}`);
        assert.deepEqual(seen.allowed_actions, []);
        await w.expect(201, "pal", "POST", `/incidents/${n}/replies`, { text: "Me too" });
        assert.ok([403, 409].includes((await w.call("pal", "POST", `/incidents/${n}/actions/confirm`, {})).status));
        assert.deepEqual((await w.get("anna", `/incidents/${n}/watchers`)).items.map((u) => u.key), ["pal"]);
        await w.expect(200, "anna", "POST", `/incidents/${n}/watchers`, { user: "lena" });
        assert.deepEqual((await w.get("pal", `/incidents/${n}/watchers`)).items.map((u) => u.key), ["pal"]);
        assert.deepEqual((await w.get("per", `/incidents/${n}/watchers`)).items, []);
        await w.expect(422, "anna", "POST", `/incidents/${n}/watchers`, { user: "nobody-here" });
        await w.expect(204, "anna", "DELETE", `/incidents/${n}/watchers/pal`);
        await w.expect(404, "pal", "GET", `/incidents/${n}`);
    },

    async "links have two ends and end"(w) {
        const { number: a } = await w.log("ida", { title: "First" });
        const { number: b } = await w.log("ida", { title: "Second" });
        const { body } = await w.expect(201, "anna", "POST", `/incidents/${a}/links`, { kind: "related", number: b });
        assert.deepEqual(body.items.map((l) => [l.kind, l.direction, l.number]), [["related", "out", b]]);
        await w.expect(409, "anna", "POST", `/incidents/${a}/links`, { kind: "related", number: b });
        assert.deepEqual(numbers(await w.get("anna", `/incidents/${b}/links`)), [a]);
        await w.expect(204, "anna", "DELETE", `/incidents/${a}/links/related/${b}`);
        assert.deepEqual(numbers(await w.get("anna", `/incidents/${b}/links`)), []);
        await w.expect(201, "anna", "POST", `/incidents/${a}/links`, { kind: "child", number: b });
        const { number: c } = await w.log("ida", { title: "Third" });
        const deep = await w.call("anna", "POST", `/incidents/${b}/links`, { kind: "child", number: c });
        assert.ok([409, 422].includes(deep.status), "children have no children");
        const self = await w.call("anna", "POST", `/incidents/${a}/links`, { kind: "related", number: a });
        assert.ok([409, 422].includes(self.status), "not to itself");
        await w.expect(204, "anna", "DELETE", `/incidents/${a}/links/child/${b}`);
        assert.equal((await w.get("anna", `/incidents/${b}`)).parent, null);
    },

    async "a redacted text is gone from timeline and search, and verify stays clean"(w) {
        const { number: n } = await w.log("ida", { title: "My password" });
        await w.expect(201, "ida", "POST", `/incidents/${n}/replies`, { text: "It is zebrasecret99, help" });
        const find = async (path) => numbers(await w.get("anna", `${path}?q=zebrasecret99`));
        await until("the reply is found", async () => (await find("/incidents")).includes(n));
        const entry = (await w.timeline("anna", n)).find((e) => e.text?.includes("zebrasecret99"));
        const path = `/incidents/${n}/timeline/${entry.seq}/redact`;
        await w.expect(403, "anna", "POST", path, { field: "text", reason: "A password" });
        const { body } = await w.expect(200, "lena", "POST", path, { field: "text", reason: "A password" });
        assert.equal(body.number, n);
        const now = (await w.timeline("anna", n)).find((e) => e.seq === entry.seq);
        assert.equal(now.hash, entry.hash, "the chain holds");
        for (const who of ["ida", "anna", "axel"])
            assert.ok(!JSON.stringify(await w.timeline(who, n)).includes("zebrasecret99"), who);
        await until("the search has forgotten", async () => (await find("/incidents")).length === 0);
        assert.match(await w.command("verify"), /\S/);
        await w.expect(422, "lena", "POST", path, { field: "text", reason: "" });
    },

    async "who wrote it may redact it, a requester by the entry's id"(w) {
        const { number: n } = await w.log("ida", { title: "Hers" });
        const { body: hers } = await w.expect(201, "ida", "POST", `/incidents/${n}/replies`, { text: "pin giraffe77" });
        const slip = { text: "Do not send it" };
        const { body: his } = await w.expect(201, "anna", "POST", `/incidents/${n}/replies`, slip);
        const redact = (who, id, status) =>
            w.expect(status, who, "POST", `/incidents/${n}/timeline/${id}/redact`, { field: "text", reason: "My pin" });
        const seen = (await w.timeline("ida", n)).find((e) => e.text === "Do not send it");
        await redact("ida", seen.id, 403);
        await redact("ola", hers.id, 403);
        await redact("ida", hers.id, 200);
        await redact("anna", his.seq, 200);
        for (const who of ["ida", "anna", "axel"])
            assert.ok(!/giraffe77|Do not send it/.test(JSON.stringify(await w.timeline(who, n))), who);
    },
};
