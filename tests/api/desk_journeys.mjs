// Live changes, sign-in, the desk's own things, what stands around the API (api.md §1, §4).
import assert from "node:assert/strict";
import { kRequesterFields, pages, until } from "./world.mjs";

const liveTests = {
    async "the stream tells what changes, to those who may see it, and resumes"(w) {
        const [agents, requesters, others] = ["anna", "ida", "per"].map((who) => w.stream(who));
        for (const stream of [agents, requesters, others]) assert.equal((await stream.opened).response.status, 200);
        const { number: n } = await w.log("ida", { title: "Live" });
        const logged = await agents.find("anna hears of it", (e) => e.number === n && e.kind === "logged");
        await requesters.find("ida hears of it", (e) => e.number === n);
        await w.act("anna", n, "triage", { category: "printing", impact: 3, urgency: 3 });
        const changed = await agents.find("the triage is told", (e) => e.number === n && e.kind === "changed");
        assert.ok(changed.changed.includes("priority"));
        await agents.close();
        await w.expect(201, "anna", "POST", `/incidents/${n}/replies`, { text: "Hello" });
        await w.expect(200, "anna", "PATCH", `/incidents/${n}`, { title: "Live and well" });
        const resumed = w.stream("anna", logged.id);
        await resumed.find("the title is told", (e) => e.number === n && e.changed?.includes("title"));
        assert.ok(resumed.events.some((e) => e.id === changed.id), "what came after the id comes again");
        assert.ok(!resumed.events.some((e) => e.id === logged.id), "the id itself does not");
        await resumed.close();
        const titled = await requesters.find("ida hears of the title", (e) => e.changed?.includes("title"));
        const now = await w.get("ida", `/incidents/${n}`);
        assert.ok(titled.version <= now.version);
        for (const event of await requesters.close())
            for (const field of event.changed ?? []) assert.ok(kRequesterFields.includes(field), field);
        const { number: mine } = await w.log("per", { title: "Per's own" });
        await others.find("per hears of his own", (e) => e.number === mine);
        assert.ok(!(await others.close()).some((e) => e.number === n), "per hears nothing of ida's");
        const reset = w.stream("anna", "gone.1");
        await reset.find("an unknown id resets", (e) => e.kind === "reset");
        await reset.close();
    },

    async "a session has a cookie and wants the CSRF token"(w) {
        await w.expect(204, "root", "POST", "/users/kate/password", { password: "a-long-password" });
        const wrong = await w.expect(401, undefined, "POST", "/session", { user: "kate", password: "not the one" });
        assert.equal(wrong.body.code, "auth.failed");
        const right = { user: "kate", password: "a-long-password" };
        const signed = await w.expect(200, undefined, "POST", "/session", right);
        const cookie = signed.headers["set-cookie"];
        assert.match(cookie, /HttpOnly/i);
        assert.match(cookie, /SameSite=(Lax|Strict)/i);
        const headers = { Cookie: cookie.split(";")[0] };
        const as = "agent";
        const me = await w.expect(200, undefined, "GET", "/me", undefined, { headers, as });
        assert.equal(me.body.key, "kate");
        assert.equal(me.body.csrf_token, signed.body.csrf_token);
        const bare = await w.expect(403, undefined, "POST", "/incidents", { title: "x" }, { headers, as });
        assert.equal(bare.body.code, "csrf.missing");
        const safe = { headers: { ...headers, "X-CSRF-Token": signed.body.csrf_token }, as };
        await w.expect(201, undefined, "POST", "/incidents", { title: "By session" }, safe);
        const sessions = await w.expect(200, undefined, "GET", "/me/sessions", undefined, { headers, as });
        assert.ok(sessions.body.items.some((s) => s.current));
        await w.expect(204, undefined, "DELETE", "/session", undefined, safe);
        await w.expect(401, undefined, "GET", "/me", undefined, { headers });
        const second = await w.expect(200, undefined, "POST", "/session", right);
        await w.expect(204, "kate", "DELETE", "/me/sessions");
        const ended = { Cookie: second.headers["set-cookie"].split(";")[0] };
        await w.expect(401, undefined, "GET", "/me", undefined, { headers: ended });
    },

    async "one's own details"(w) {
        const edit = { phone: "+47 123", language: "nb", zone: "Europe/Oslo" };
        const { body: me } = await w.expect(200, "bo", "PATCH", "/me", edit);
        assert.deepEqual([me.phone, me.language, me.zone], ["+47 123", "nb", "Europe/Oslo"]);
        await w.expect(422, "bo", "PATCH", "/me", { zone: "Mars/Olympus" });
        await w.expect(422, "bo", "PATCH", "/me", { roles: ["admin"] });
        assert.deepEqual((await w.get("bo", "/me")).teams.map((t) => t.key), ["network"]);
        await w.get("bo", "/me/sessions");
    },
};

// For each plural noun: what makes one, an edit, and what `root` may then read back.
const kThings = {
    teams: [{ key: "fresh", name: "Fresh", tier: 2, members: ["bo"], leads: ["bo"] }, { name: "Fresher" }],
    users: [{ key: "newbie", name: "New Bie", roles: ["agent"], teams: ["network"] }, { name: "Old Bie", vip: true }],
    organizations: [{ key: "org-x", name: "X" }, { shares_incidents: true }],
    categories: [{ key: "cat-x", name: "X", parent: "printing" }, { portal_label: "It is X" }],
    services: [{ key: "svc-x", name: "X", criticality: "low" }, { criticality: "critical", owner: "network" }],
    tags: [{ key: "tag-x", name: "X" }, { name: "Y" }],
};

const deskThings = {
    async "each kind of thing is made, read, edited and deactivated"(w) {
        for (const [noun, [made, edit]] of Object.entries(kThings)) {
            const path = `/${noun}/${made.key}`;
            const { headers, body } = await w.expect(201, "root", "POST", `/${noun}`, made);
            assert.equal(headers.location, `/api/v1${path}`);
            assert.equal(body.name, made.name);
            assert.equal((await w.expect(409, "root", "POST", `/${noun}`, made)).body.code, "exists");
            const read = await w.expect(200, "root", "GET", path);
            const tag = read.headers.etag;
            const { body: edited } = await w.expect(200, "root", "PATCH", path, edit, { headers: { "If-Match": tag } });
            for (const [field, value] of Object.entries(edit))
                assert.deepEqual(edited[field]?.key ?? edited[field], value, `${noun} ${field}`);
            const late = await w.expect(412, "root", "PATCH", path, edit, { headers: { "If-Match": tag } });
            assert.equal(late.body.code, "precondition.failed");
            assert.ok((await pages(w, "root", `/${noun}`, 200)).some((t) => t.key === made.key));
            const successor = noun === "teams" ? "?successor=network" : "";
            if (successor) await w.expect(422, "root", "DELETE", path);
            await w.expect(204, "root", "DELETE", `${path}${successor}`);
            assert.equal((await w.get("root", path)).active, false);
            await w.expect(200, "root", "PATCH", path, { active: true });
            await w.expect(404, "root", "GET", `/${noun}/nothing-here`);
            const wrong = await w.expect(422, "root", "POST", `/${noun}`, { key: "Not A Key", surprise: 1 });
            assert.deepEqual(wrong.body.fields.map((f) => f.pointer).sort(), ["/key", "/name", "/surprise"]);
        }
    },

    async "the last administrator stays, leavers lose their incidents"(w) {
        const { number: n } = await w.log("ida", { title: "Left behind" });
        const leaver = { key: "leaver", name: "Lea Ver", roles: ["agent"], teams: ["desk"] };
        await w.expect(201, "root", "POST", "/users", leaver);
        await w.act("anna", n, "assign", { team: "desk", assignee: "leaver" });
        await w.expect(204, "root", "DELETE", "/users/leaver");
        await until("the leaver's incident is free", async () =>
            (await w.get("anna", `/incidents/${n}`)).assignee === null);
        assert.equal((await w.get("anna", `/incidents/${n}`)).team.key, "desk");
        await w.expect(204, "root", "DELETE", "/users/dina");
        assert.equal((await w.expect(409, "root", "DELETE", "/users/root")).body.code, "user.last_administrator");
        await w.expect(200, "root", "PATCH", "/users/dina", { active: true });
    },

    async "matrix, settings, tokens, audit and report"(w) {
        const matrix = await w.get("root", "/priority-matrix");
        const cells = matrix.cells.map((c) => (c.impact === 3 && c.urgency === 3 ? { ...c, priority: "P4" } : c));
        assert.deepEqual((await w.expect(200, "root", "PUT", "/priority-matrix", { cells })).body.cells, cells);
        const { number: n } = await w.log("ida");
        assert.equal((await w.act("anna", n, "triage", { impact: 3, urgency: 3 })).priority, "P4");
        await w.expect(200, "root", "PUT", "/priority-matrix", matrix);
        await w.expect(422, "root", "PUT", "/priority-matrix", { cells: cells.slice(1) });

        const settings = { desk_name: "Acme help", reopen_window_days: 21 };
        const { body: set } = await w.expect(200, "root", "PATCH", "/settings", settings);
        assert.deepEqual([set.desk_name, set.reopen_window_days], ["Acme help", 21]);
        await w.expect(422, "root", "PATCH", "/settings", { report_zone: "Nowhere/Land" });

        const { body: token } = await w.expect(201, "anna", "POST", "/tokens", { name: "mine", scopes: ["*"] });
        assert.equal((await w.get("anna", "/me", { token: token.token })).key, "anna");
        const listed = (await w.get("anna", "/tokens")).items;
        assert.ok(listed.some((t) => t.id === token.id) && !JSON.stringify(listed).includes(token.token));
        await w.expect(204, "anna", "DELETE", `/tokens/${token.id}`);
        await w.expect(401, undefined, "GET", "/me", undefined, { token: token.token });
        await w.expect(404, "anna", "DELETE", "/tokens/999999");

        const audit = await pages(w, "root", "/audit", 200);
        const acts = [["settings", "edit"], ["matrix", "edit"], ["token", "revoke"], ["user", "create"]];
        for (const [subject, kind] of acts)
            assert.ok(audit.some((a) => a.subject === subject && a.kind === kind), `${subject} ${kind}`);
        assert.ok(!JSON.stringify(audit).includes("a-long-password"));
        const edits = (await w.get("root", "/audit?subject=settings&kind=edit")).items;
        assert.ok(edits.length > 0 && edits.every((a) => a.subject === "settings" && a.kind === "edit"));
        await w.get("lena", "/reports/overview");
        assert.match(await w.command("verify"), /\S/);
    },

    async "docs, metrics, health, HEAD, unknown paths and wrong methods"(w) {
        for (const path of ["//healthz", "//readyz", "//docs", "//metrics", "/openapi.json"])
            await w.expect(200, undefined, "GET", path);
        assert.match((await w.call(undefined, "GET", "//metrics")).text, /^# TYPE firstline_/m);
        assert.equal((await w.get(undefined, "/openapi.json")).openapi.slice(0, 2), "3.");
        for (const path of ["/me", "/incidents", "/teams/desk", "/incidents/INC-1"]) {
            const get = await w.expect(200, "anna", "GET", path);
            const head = await w.expect(200, "anna", "HEAD", path);
            assert.equal(head.text, "");
            assert.equal(head.headers.etag, get.headers.etag, path);
        }
        assert.equal((await w.expect(404, "anna", "GET", "/nothing")).body.code, "not_found");
        const wrong = await w.expect(405, "anna", "DELETE", "/incidents");
        assert.match(wrong.headers.allow, /GET/);
        for (const body of ["{", '{"title":"a","title":"b"}', '{"title":"\\ud800"}', "[".repeat(40) + "]".repeat(40)]) {
            const answer = await w.call("anna", "POST", "/incidents", body);
            assert.ok([400, 422].includes(answer.status), `${body.slice(0, 30)}: ${answer.status}`);
        }
        for (const title of ["", "   ", "x".repeat(251), "a\u0000b", 7, null])
            await w.expect(422, "anna", "POST", "/incidents", { title });
        const type = { headers: { "Content-Type": "text/plain" } };
        await w.expect(415, "anna", "POST", "/incidents", "title=x", type);
        assert.equal((await w.get("anna", "/incidents/inc1")).number, "INC-1");
    },

    // Last: afterwards nobody signs in for a while.
    async "sign-in is rate limited"(w) {
        let limited;
        for (let i = 0; i < 60 && !limited; ++i) {
            const answer = await w.call(undefined, "POST", "/session", { user: "bo", password: `guess ${i} again` });
            if (answer.status !== 401) limited = answer;
        }
        assert.equal(limited?.status, 429);
        assert.equal(limited.body.code, "rate.limited");
        assert.ok(Number(limited.headers["retry-after"]) > 0);
    },
};

export const deskTests = { ...liveTests, ...deskThings };
