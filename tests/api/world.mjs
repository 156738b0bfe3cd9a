// A small desk on a real server, made through the API alone, and the means to talk to it: every answer is recorded as
// tests/contract/README.md describes, with the role of the caller.
//
// The binary is $FIRSTLINE_BIN (default build/dev/firstline). $FIRSTLINE_TEST_DATABASE names a PostgreSQL database that
// is there and empty; without it the desk uses the embedded one. Everything lies in a temporary directory that `stop`
// removes.
import { execFile, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const kRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const kBinary = resolve(process.env.FIRSTLINE_BIN ?? join(kRoot, "build/dev/firstline"));
const kPassword = "correct-horse-battery";
const kWaitMs = 15000;

// Who is at this desk. `form` is whose form of an incident they get (tests/contract: the `role` of a record).
export const kPeople = {
    ida: { name: "Ida Berg", roles: ["requester"], organization: "acme", form: "requester" },
    ola: { name: "Ola Lund", roles: ["requester"], organization: "acme", form: "requester" },
    per: { name: "Per Holt", roles: ["requester"], organization: "solo", form: "requester" },
    pal: { name: "Pål Ek", roles: ["requester"], organization: "solo", form: "requester" },
    anna: { name: "Anna Holm", roles: ["agent"], teams: ["desk"], form: "agent" },
    bo: { name: "Bo Dahl", roles: ["agent"], teams: ["network"], form: "agent" },
    sara: { name: "Sara Vik", roles: ["agent"], teams: ["security"], form: "agent" },
    lena: { name: "Lena Strand", roles: ["team_lead"], teams: ["desk"], form: "agent" },
    ines: { name: "Ines Moe", roles: ["incident_manager"], teams: ["desk"], form: "agent" },
    paul: { name: "Paul Ness", roles: ["problem_manager"], teams: ["network"], form: "agent" },
    kate: { name: "Kate Lie", roles: ["knowledge_editor"], teams: ["desk"], form: "agent" },
    axel: { name: "Axel Rud", roles: ["auditor"], form: "auditor" },
    dina: { name: "Dina Aas", roles: ["admin"], form: "admin" },
};

// Who stands for each role where one person is enough.
export const kByRole = {
    requester: "ida",
    agent: "anna",
    team_lead: "lena",
    incident_manager: "ines",
    problem_manager: "paul",
    knowledge_editor: "kate",
    auditor: "axel",
    admin: "dina",
};

export const kRequesterFields = [
    ...["number", "title", "description", "step", "waiting_for_you", "channel", "service", "requester", "handled_by"],
    ...["created_at", "updated_at", "resolved_at", "closed_at", "resolution_notes", "promised_at", "auto_close_at"],
    ...["reopen_until", "csat", "version", "allowed_actions"],
];
export const kRequesterEntryFields = ["id", "kind", "at", "author", "text", "attachments", "step"];

export class World {
    static async start(recordsFile) {
        const world = new World(recordsFile);
        try {
            await world.#serve();
            await world.#furnish();
        } catch (error) {
            await world.stop();
            throw error;
        }
        return world;
    }

    constructor(recordsFile) {
        this.recordsFile = recordsFile;
        this.directory = mkdtempSync(join(tmpdir(), "firstline-api-"));
        const database = process.env.FIRSTLINE_TEST_DATABASE;
        this.place = ["--data", join(this.directory, "desk"), ...(database ? ["--database", database] : [])];
        this.tokens = {};
        this.forms = { root: "agent", ...Object.fromEntries(Object.entries(kPeople).map(([k, p]) => [k, p.form])) };
        this.requesterBodies = []; // [what was asked, text of the answer] of everything that a requester got
    }

    // One command of the program on this desk; throws where it exits with another code than 0.
    async command(...words) {
        const environment = { ...process.env, FIRSTLINE_ADMIN_PASSWORD: kPassword };
        const { stdout } = await promisify(execFile)(kBinary, [...words, ...this.place], { env: environment });
        return stdout;
    }

    async #serve() {
        await this.command("init", "--admin", "root");
        const log = join(this.directory, "server.log");
        const output = openSync(log, "w");
        this.server = spawn(kBinary, ["serve", ...this.place, "--listen", "127.0.0.1:0"], {
            stdio: ["ignore", output, output],
        });
        process.once("exit", () => this.server.kill("SIGKILL")); // where the script itself breaks off
        this.ended = new Promise((done) => this.server.once("exit", (code, signal) => done({ code, signal })));
        this.url = await until("the server says where it serves", () => {
            if (this.server.exitCode !== null) throw new Error(`the server ended:\n${readFileSync(log, "utf8")}`);
            return /msg=serving url=(\S+)/.exec(readFileSync(log, "utf8"))?.[1];
        });

        this.tokens.root = (await this.command("token", "create", "--user", "root", "--scope", "*")).trim();
    }

    async #furnish() {
        const make = (path, body) => this.expect(201, "root", "POST", `/${path}`, body);
        await make("organizations", { key: "acme", name: "Acme", shares_incidents: true });
        await make("organizations", { key: "solo", name: "Solo", shares_incidents: false });
        await make("teams", { key: "desk", name: "Desk crew", public_name: "Service desk", tier: 1 });
        await make("teams", { key: "network", name: "Network crew", public_name: "Networks", tier: 2 });
        await make("teams", { key: "security", name: "Security crew", public_name: "Security", tier: 3 });
        for (const [key, { form, ...person }] of Object.entries(kPeople)) {
            const body = { key, email: `${key}@example.org`, ...person };
            await make("users", body);
            const token = { name: `${form} ${key}`, scopes: ["*"], user: key };
            this.tokens[key] = (await make("tokens", token)).body.token;
        }
        await this.expect(200, "root", "PATCH", "/teams/desk", { leads: ["lena"] });
        const reading = { name: "reads only", scopes: ["read"], user: "anna" };
        this.tokens.reader = (await make("tokens", reading)).body.token;
        this.forms.reader = "agent";
        await make("categories", { key: "breach", name: "Data breach", restricted: true, team: "security" });
        await make("services", {
            ...{ key: "mail", name: "Mail", owner: "network", support_team: "desk", criticality: "high" },
        });
        await make("services", { key: "vpn", name: "VPN" });
        await make("tags", { key: "floor-2", name: "Floor 2" });
    }

    // One exchange. `path` is below /api/v1 unless it begins with "//". Options: headers, raw {type, bytes}, as (the
    // form of the answer where it is not the caller's usual one), token (instead of the caller's).
    async call(who, method, path, body, { headers = {}, raw, as, token } = {}) {
        const target = path.startsWith("//") ? path.slice(1) : `/api/v1${path}`;
        const secret = token ?? this.tokens[who];
        const sent = { ...(secret ? { Authorization: `Bearer ${secret}` } : {}), ...headers };
        if (raw) sent["Content-Type"] = raw.type;
        else if (body !== undefined) sent["Content-Type"] ??= "application/json";
        const payload = raw ? raw.bytes : typeof body === "string" ? body : body && JSON.stringify(body);
        const response = await fetch(this.url + target, { method, headers: sent, body: payload, redirect: "manual" });
        const bytes = Buffer.from(await response.arrayBuffer());
        const text = bytes.toString("utf8");
        const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
        const answer = {
            ...{ method, path: target, status: response.status, headers: Object.fromEntries(response.headers) },
            ...{ body: isJson ? JSON.parse(text) : text, bytes, text },
        };
        this.record(answer, as ?? this.forms[who], raw ? undefined : body, who);
        return answer;
    }

    record({ method, path, status, headers, body, text }, role, requestBody, who) {
        const record = { method, path, status, headers, body, role };
        if (requestBody !== undefined && typeof requestBody !== "string") record.request_body = requestBody;
        appendFileSync(this.recordsFile, `${JSON.stringify(record)}\n`);
        if (role === "requester") this.requesterBodies.push([`${who}: ${method} ${path} ${status}`, text]);
    }

    // The same, and the status must be this one.
    async expect(status, who, method, path, body, options) {
        const answer = await this.call(who, method, path, body, options);
        if (answer.status !== status) {
            const sent = body === undefined ? "" : ` ${JSON.stringify(body)}`;
            const got = `${answer.status}, not ${status}: ${answer.text.slice(0, 600)}`;
            throw new Error(`${who}: ${method} ${answer.path}${sent}: ${got}`);
        }
        return answer;
    }

    async log(who, body, options) {
        return (await this.expect(201, who, "POST", "/incidents", { title: "Mail is slow", ...body }, options)).body;
    }

    async act(who, number, action, body = {}, options = undefined) {
        return (await this.expect(200, who, "POST", `/incidents/${number}/actions/${action}`, body, options)).body;
    }

    async refused(status, code, who, number, action, body = {}) {
        const answer = await this.expect(status, who, "POST", `/incidents/${number}/actions/${action}`, body);
        if (answer.body.code !== code) throw new Error(`${action}: ${answer.body.code}, not ${code}: ${answer.text}`);
        return answer.body;
    }

    async get(who, path, options) {
        return (await this.expect(200, who, "GET", path, undefined, options)).body;
    }

    // All entries of a timeline as `who` sees them.
    async timeline(who, number) {
        return (await this.get(who, `/incidents/${number}/timeline?limit=200`)).items;
    }

    // A logged, categorized incident of ida's with the desk's team, in progress with anna.
    async started(title, more = {}) {
        const { number } = await this.log("ida", { title });
        await this.act("anna", number, "triage", { category: "access-password", impact: 2, urgency: 2, ...more });
        await this.act("anna", number, "assign", { team: "desk" });
        return this.act("anna", number, "start");
    }

    stream(who, lastId) {
        return new Stream(this, who, lastId);
    }

    // Ends the server as an operator does; answers how it ended.
    async stop() {
        this.server?.kill("SIGTERM");
        const end = await this.ended;
        rmSync(this.directory, { recursive: true, force: true });
        return end;
    }
}

// An open event stream; its text is recorded when it is closed.
class Stream {
    constructor(world, who, lastId) {
        Object.assign(this, { world, who, text: "", events: [], control: new AbortController() });
        this.opened = this.#open(lastId);
        this.opened.catch(() => {}); // told to whoever awaits it
    }

    async #open(lastId) {
        const headers = { Authorization: `Bearer ${this.world.tokens[this.who]}`, Accept: "text/event-stream" };
        if (lastId !== undefined) headers["Last-Event-ID"] = lastId;
        this.response = await fetch(`${this.world.url}/api/v1/stream`, { headers, signal: this.control.signal });
        this.reading = this.#read().catch((error) => {
            if (error.name !== "AbortError") throw error;
        });
        return this;
    }

    async #read() {
        const decoder = new TextDecoder();
        for await (const chunk of this.response.body) {
            this.text += decoder.decode(chunk, { stream: true });
            const whole = this.text.split("\n\n").slice(0, -1);
            this.events = whole.filter((e) => /^data:/m.test(e)).map((e) => ({
                id: /^id: ?(.*)$/m.exec(e)?.[1],
                ...JSON.parse(/^data: ?(.*)$/m.exec(e)[1]),
            }));
        }
    }

    // The first event that fits, as soon as it has come.
    async find(what, fits) {
        await this.opened;
        return until(what, () => this.events.find(fits));
    }

    async close() {
        await this.opened;
        this.control.abort();
        await this.reading;
        const { status, headers } = this.response;
        const answer = { method: "GET", path: "/api/v1/stream", status, headers: Object.fromEntries(headers) };
        const recorded = { ...answer, body: this.text, text: this.text };
        this.world.record(recorded, this.world.forms[this.who], undefined, this.who);
        return this.events;
    }
}

export const numbers = (page) => page.items.map((i) => i.number);

// All items of a paged list, page by page; every page but the last is full.
export async function pages(w, who, path, limit) {
    const items = [];
    let after = "";
    for (let i = 0; i < 100; ++i) {
        const page = await w.get(who, `${path}${path.includes("?") ? "&" : "?"}limit=${limit}${after}`);
        items.push(...page.items);
        if (page.next === null) return items;
        const isFull = page.items.length === limit || page.scanned_to !== undefined;
        if (!isFull) throw new Error(`${path}: a page before the last is not full`);
        after = `&after=${encodeURIComponent(page.next)}`;
    }
    throw new Error(`${path} never ends`);
}

// Waits until `probe` answers something; throws after kWaitMs.
export async function until(what, probe) {
    const end = Date.now() + kWaitMs;
    for (;;) {
        const found = await probe();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
        await new Promise((done) => setTimeout(done, 20));
    }
}

// Runs the tests in order, each by its name, on one world; prints each one's fate and `N passed, N failed`.
export async function run(tests) {
    const [recordsFile] = process.argv.slice(2);
    if (recordsFile === undefined) throw new Error("usage: node SCRIPT RECORDS");
    const counts = { passed: 0, failed: 0 };
    const world = await World.start(recordsFile);
    try {
        for (const [name, test] of Object.entries(tests)) {
            try {
                await test(world);
                counts.passed += 1;
                console.log(`ok   ${name}`);
            } catch (error) {
                counts.failed += 1;
                console.log(`FAIL ${name}: ${error.message}${error.code === "ERR_ASSERTION" ? where(error) : ""}`);
            }
        }
    } finally {
        const end = await world.stop();
        const isClean = end?.code === 0;
        counts[isClean ? "passed" : "failed"] += 1;
        console.log(isClean ? "ok   the server ends in order" : `FAIL the server ended with ${JSON.stringify(end)}`);
    }
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    if (counts.failed > 0) process.exitCode = 1;
}

function where(error) {
    const line = error.stack.split("\n").find((l) => /(journeys|roles)\.mjs:\d+/.test(l));
    return line ? ` (${line.trim()})` : "";
}
