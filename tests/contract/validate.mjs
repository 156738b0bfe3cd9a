#!/usr/bin/env node
// Checks recorded answers against the contract.
//
//   validate.mjs [--require-coverage] [--unseen] [--contract FILE] [FILE…]      reads standard input where no file is named
//
// Each line is one JSON record {method, path, status, headers, body, request_body?, role?} (lib/check.mjs). Every
// violation is printed, then how many documented answers no record showed, each by name with `--unseen`;
// `--require-coverage` counts each successful one of these as a failure. The last line is `N passed, N failed`; the exit code is 1 where anything failed, 2 for a
// wrong call.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Checker } from "./lib/check.mjs";
import { kContractPath, loadContract } from "./lib/contract.mjs";

function options() {
    try {
        return parseArgs({
            allowPositionals: true,
            options: {
                "require-coverage": { type: "boolean", default: false },
                unseen: { type: "boolean", default: false },
                contract: { type: "string" },
            },
        });
    } catch (error) {
        console.error(error.message);
        process.exit(2);
    }
}

function parsed(line) {
    try {
        return { record: JSON.parse(line) };
    } catch (error) {
        return { violations: [`the line is no JSON: ${error.message}`] };
    }
}

async function checkAll(checker, stream, source, counts) {
    let number = 0;
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        number += 1;
        if (line.trim() === "") continue;
        const { record, violations = checker.check(record) } = parsed(line);
        if (violations.length === 0) {
            counts.passed += 1;
            continue;
        }
        counts.failed += 1;
        const role = record?.role === undefined ? "" : ` as ${record.role}`;
        const what = record?.method === undefined ? "" : `${record.method} ${record.path} ${record.status}${role}: `;
        for (const violation of violations) console.log(`${source}:${number}: ${what}${violation}`);
    }
}

function reportCoverage(checker, isRequired, isNamed, counts) {
    const unseen = checker.unseen();
    for (const { operation, status } of unseen) {
        const isFailure = isRequired && status < 300;
        if (isFailure) counts.failed += 1;
        if (!isFailure && !isNamed) continue;
        console.log(`${isFailure ? "not covered" : "never seen"}: ${operation.name} ${status} (${operation.id})`);
    }
    const pairs = checker.seen.size + unseen.length;
    console.log(`${checker.seen.size} of ${pairs} documented answers seen`);
}

const { values, positionals } = options();
const checker = new Checker(loadContract(values.contract ?? kContractPath));
const counts = { passed: 0, failed: 0 };
try {
    if (positionals.length === 0) await checkAll(checker, process.stdin, "stdin", counts);
    for (const file of positionals) await checkAll(checker, createReadStream(file), file, counts);
} catch (error) {
    console.error(error.message);
    process.exit(2);
}
if (counts.passed + counts.failed === 0) {
    console.log("no record was given");
    counts.failed = 1;
}
reportCoverage(checker, values["require-coverage"], values.unseen, counts);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
