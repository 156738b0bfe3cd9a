// The checker itself: every good record passes, and each kind of wrong one fails for the reason that it is wrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Checker } from "./lib/check.mjs";
import { loadContract } from "./lib/contract.mjs";
import { agentIncident, records, requesterEntry } from "./records.mjs";
import { kWrong } from "./wrong_records.mjs";

const checker = new Checker(loadContract());

for (const name of Object.keys(records())) {
    test(`good record: ${name}`, () => assert.deepEqual(checker.check(records()[name]), []));
}

for (const [what, name, spoil, reason] of kWrong) {
    test(`wrong record: ${what}`, () => {
        const record = records()[name];
        spoil(record);
        assert.match(checker.check(record).join("\n"), reason);
    });
}

test("a record without a role may have either form", () => {
    const { agentReads, requesterReads } = records();
    for (const record of [agentReads, requesterReads]) {
        delete record.role;
        assert.deepEqual(checker.check(record), []);
    }
});

test("auditors get the agents' form, requesters' entries stay theirs", () => {
    const { agentReads, requesterTimeline } = records();
    assert.deepEqual(checker.check({ ...agentReads, role: "auditor" }), []);
    assert.notDeepEqual(checker.check({ ...requesterTimeline, role: "auditor" }), []);
    assert.equal(requesterEntry.kind, "reply");
});

test("what was refused may break the contract", () => {
    const { invalid } = records();
    invalid.request_body = { colour: "red" };
    invalid.path += "?colour=red";
    assert.deepEqual(checker.check(invalid), []);
});

function run(lines, ...options) {
    const program = fileURLToPath(new URL("validate.mjs", import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [program, ...options], {
        input: lines.join("\n"),
        encoding: "utf8",
    });
    return { status, lines: stdout.trimEnd().split("\n") };
}

test("the program counts, names the line and exits 1", () => {
    const { agentReads, requesterReads } = records();
    requesterReads.body = agentIncident;
    const { status, lines } = run([JSON.stringify(agentReads), "", JSON.stringify(requesterReads), "{no"]);
    assert.equal(status, 1);
    assert.equal(lines.at(-1), "1 passed, 2 failed");
    assert.ok(lines.some((l) => l.startsWith("stdin:3: GET /api/v1/incidents/inc42 200 as requester: ")));
    assert.ok(lines.some((l) => l.startsWith("stdin:4: the line is no JSON")));
});

test("the program names what was never seen when asked and passes without --require-coverage", () => {
    const record = JSON.stringify(records().agentReads);
    assert.ok(!run([record]).lines.some((l) => l.startsWith("never seen")));
    const { status, lines } = run([record], "--unseen");
    assert.equal(status, 0);
    assert.equal(lines.at(-1), "1 passed, 0 failed");
    assert.ok(lines.includes("never seen: GET /api/v1/incidents/{number} 404 (get_incident)"));
    assert.ok(!lines.includes("never seen: GET /api/v1/incidents/{number} 200 (get_incident)"));
});

test("--require-coverage fails for each success that was never seen", () => {
    const { status, lines } = run([JSON.stringify(records().agentReads)], "--require-coverage");
    const successes = checker.contract
        .operations()
        .flatMap((o) => Object.keys(o.responses))
        .filter((s) => s < 300).length;
    assert.equal(status, 1);
    assert.equal(lines.at(-1), `1 passed, ${successes - 1} failed`);
    assert.ok(lines.includes("not covered: POST /api/v1/incidents 201 (log_incident)"));
});

test("no record at all is a failure", () => {
    const { status, lines } = run([]);
    assert.equal(status, 1);
    assert.equal(lines.at(-1), "0 passed, 1 failed");
});

test("a wrong call exits 2", () => {
    assert.equal(run([], "--colour").status, 2);
    assert.equal(run([], "/does/not/exist.jsonl").status, 2);
});
