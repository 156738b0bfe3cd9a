// Search, lists, pages, views (api.md §1, §4).
import assert from "node:assert/strict";
import { kRequesterFields, numbers, pages, until } from "./world.mjs";

export const listTests = {
    async "search finds by any of its words and by number"(w) {
        const { number: n } = await w.log("ida", { title: "Quokkaphone rings", description: "Every wallabynight" });
        await until("the list finds it", async () =>
            numbers(await w.get("anna", "/incidents?q=quokkaphone")).includes(n));
        assert.deepEqual(numbers(await w.get("per", "/incidents?q=quokkaphone")), []);
        assert.deepEqual(numbers(await w.get("ida", "/incidents?q=wallabynight")), [n]);
        await w.expect(201, "anna", "POST", `/incidents/${n}/notes`, { text: "Internal numbatword" });
        for (const q of ["quokkaphone", "wallabynight", "numbatword", "quokka*"])
            await until(`${q} is found`, async () => numbers(await w.get("anna", `/search?q=${q}`)).includes(n));
        assert.deepEqual(numbers(await w.get("ida", "/search?q=quokkaphone")), [n]);
        assert.deepEqual(numbers(await w.get("ida", "/search?q=numbatword")), []);
        assert.deepEqual(numbers(await w.get("per", "/search?q=quokkaphone")), []);
        assert.equal(numbers(await w.get("anna", `/search?q=${n}`))[0], n);
        for (const sort of ["relevance", "-created_at"])
            assert.deepEqual(numbers(await w.get("anna", `/search?q=quokkaphone&sort=${sort}`)), [n]);
        await w.expect(422, "anna", "GET", "/search?q=quokkaphone&sort=created_at");
        await w.expect(422, "anna", "GET", "/search?q=");
        await w.expect(422, "anna", "GET", "/search?q=x&surprise=1");
        assert.deepEqual(numbers(await w.get("anna", "/incidents?q=quokkaphone")), [n]);
    },

    async "lists filter, sort and trim"(w) {
        const { number: n } = await w.log("ida", { title: "Filtered", service: "vpn" });
        await w.act("anna", n, "triage", { category: "printing", impact: 1, urgency: 1 });
        await w.act("anna", n, "assign", { team: "network", assignee: "bo" });
        await w.expect(200, "anna", "PATCH", `/incidents/${n}`, { tags: ["floor-2"] });
        const filters = [
            ...["state=assigned", "state=open", "team=network", "assignee=bo", "priority=P1", "category=printing"],
            ...["service=vpn", "requester=ida", "channel=api", "tag=floor-2", "state=assigned&state=new"],
        ];
        for (const filter of filters) {
            const items = await pages(w, "anna", `/incidents?${filter}`, 200);
            assert.ok(items.some((i) => i.number === n), filter);
        }
        const keys = { state: (i) => i.state, team: (i) => i.team?.key, priority: (i) => i.priority };
        for (const [field, value] of [["state", "assigned"], ["team", "network"], ["priority", "P1"]])
            for (const item of await pages(w, "anna", `/incidents?${field}=${value}`, 200))
                assert.equal(keys[field](item), value);
        for (const item of await pages(w, "anna", "/incidents?state=open&assignee=none", 200))
            assert.equal(item.assignee, null);
        assert.ok(numbers(await w.get("bo", "/incidents?state=open&assignee=me")).includes(n));
        for (const none of ["state=open&priority=P5", "tag=floor-2&priority=P5"])
            assert.ok(!numbers(await w.get("anna", `/incidents?${none}`)).includes(n), none);
        const trimmed = await w.get("anna", "/incidents?state=open&fields=number,title");
        for (const item of trimmed.items) assert.deepEqual(Object.keys(item).sort(), ["number", "title"]);
        for (const wrong of ["limit=0", "limit=201", "state=lost", "sort=title", "surprise=1", "after=zzz"])
            await w.expect(422, "anna", "GET", `/incidents?${wrong}`);
    },

    async "pages join without gaps or repeats, by every sort"(w) {
        for (let i = 0; i < 9; ++i) await w.log("ida", { title: `Paged ${i}` });
        for (const sort of ["priority", "due_at", "created_at", "-created_at", "updated_at", "-updated_at"]) {
            const whole = numbers(await w.get("anna", `/incidents?state=open&limit=200&sort=${sort}`));
            const joined = (await pages(w, "anna", `/incidents?state=open&sort=${sort}`, 4)).map((i) => i.number);
            assert.deepEqual(joined, whole, sort);
            assert.equal(new Set(joined).size, joined.length);
        }
        const field = (i) => Date.parse(i.created_at);
        const rising = (await w.get("anna", "/incidents?state=open&limit=200&sort=created_at")).items.map(field);
        assert.deepEqual(rising, [...rising].sort((a, b) => a - b));
        const all = await pages(w, "anna", "/incidents", 5);
        assert.deepEqual(all.map((i) => i.number), numbers(await w.get("anna", "/incidents?limit=200")));
        assert.ok(all.some((i) => i.state === "closed"), "closed ones, too");
        const own = await pages(w, "ida", "/incidents", 3);
        for (const item of own) assert.deepEqual(Object.keys(item).sort(), [...kRequesterFields].sort());
        for (const path of ["/users", "/categories", "/audit", "/tokens"]) {
            const joined = await pages(w, "root", path, 3);
            const whole = await pages(w, "root", path, 200);
            assert.deepEqual(joined.map((t) => t.key ?? t.id ?? t.pos), whole.map((t) => t.key ?? t.id ?? t.pos), path);
        }
        const { number } = own[0];
        const entries = await pages(w, "anna", `/incidents/${number}/timeline`, 1);
        assert.deepEqual(entries.map((e) => e.seq), (await w.timeline("anna", number)).map((e) => e.seq));
    },

    async "the views' counts are the lengths of their lists"(w) {
        const { items: views } = await w.get("anna", "/views");
        const { items: counts } = await w.get("anna", "/views/counts");
        assert.deepEqual(counts.map((c) => c.key), views.map((v) => v.key));
        assert.ok(counts.some((c) => c.count > 0));
        for (const { key, count } of counts)
            assert.equal((await pages(w, "anna", `/incidents?view=${key}`, 200)).length, count, key);
    },
};
