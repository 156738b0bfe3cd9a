// What the linter cannot know of the contract: closed objects, error answers, headers, and the words it repeats.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { kContractPath, loadContract } from "./lib/contract.mjs";
import { Schemas } from "./lib/schemas.mjs";

const contract = loadContract();
const { document } = contract;
const schemas = document.components.schemas;
const operations = contract.operations();
const kInApi = /^\S+ \/api\/v1\//;

// Every schema below `node` with its place.
function* schemasIn(node, place) {
    if (node === null || typeof node !== "object") return;
    if (!Array.isArray(node)) yield { schema: node, place };
    for (const [key, value] of Object.entries(node)) yield* schemasIn(value, `${place}/${key}`);
}

// Objects that are parts of a closed whole: the members of `allOf` and what is closed where it is used.
const kOpenParts = /(\/allOf\/\d+|^[A-Za-z]+Fields)$/;
// Objects whose content OpenAPI itself describes.
const kForeign = /^ContractDocument\/properties\//;

test("every object is closed", () => {
    const open = [];
    for (const [name, root] of Object.entries(schemas)) {
        for (const { schema, place } of schemasIn(root, name)) {
            if (!schema.properties && schema.type !== "object" && !schema.type?.includes?.("object")) continue;
            if (place.endsWith("/properties") || place.includes("/if") || place.includes("/then")) continue;
            if (kOpenParts.test(place) || kForeign.test(place)) continue;
            const isMap = typeof schema.additionalProperties === "object";
            if (schema.additionalProperties !== false && schema.unevaluatedProperties !== false && !isMap)
                open.push(place);
        }
    }
    assert.deepEqual(open, []);
});

test("the parts that are open are used only within a closed whole", () => {
    const loose = [];
    for (const { schema, place } of schemasIn(document, "")) {
        if (!/\/schemas\/[A-Za-z]+Fields$/.test(schema.$ref ?? "")) continue;
        const whole = place
            .replace(/\/allOf\/\d+$/, "")
            .split("/")
            .slice(1)
            .reduce((at, step) => at[step], document);
        if (!/\/allOf\/\d+$/.test(place) || whole.unevaluatedProperties !== false) loose.push(place);
    }
    assert.deepEqual(loose, []);
});

test("every answer carries X-Request-Id, every error is a problem body", () => {
    for (const { name, responses } of operations) {
        for (const [status, response] of Object.entries(responses)) {
            assert.ok(response.headers["X-Request-Id"], `${name} ${status}`);
            if (status >= 400)
                assert.deepEqual(Object.keys(response.content), ["application/problem+json"], `${name} ${status}`);
        }
    }
});

test("every operation of the API names the errors that any of them may give", () => {
    const kPublic = ["sign_in", "get_contract"];
    for (const { id, name, responses, requestBody, parameters } of operations.filter((o) => kInApi.test(o.name))) {
        const expected = ["400", "422", "429", "503"];
        if (!kPublic.includes(id)) expected.push("401", "403");
        if (parameters.some((p) => p.in === "path")) expected.push("404");
        if (requestBody) expected.push("413");
        if (requestBody?.content["application/json"]) expected.push("415");
        for (const status of expected) assert.ok(responses[status], `${name} lacks ${status}`);
    }
});

test("POST takes Idempotency-Key but where a secret is in the body or the answer", () => {
    const without = operations.filter(
        (o) => o.name.startsWith("POST ") && !o.parameters.some((p) => p.name === "Idempotency-Key"),
    );
    assert.deepEqual(without.map((o) => o.id).sort(), ["create_token", "set_user_password", "sign_in"]);
});

test("changes by session need the CSRF token", () => {
    for (const route of Object.values(document.paths)) {
        for (const [method, { operationId, security }] of Object.entries(route)) {
            if (operationId === "sign_in") continue;
            const bySession = security.filter((s) => s.session);
            assert.ok(
                bySession.every((s) => (s.csrf !== undefined) === (method !== "get")),
                operationId,
            );
        }
    }
});

test("If-Match stands where a thing with an ETag is changed", () => {
    for (const { id, name, parameters, responses } of operations.filter((o) => /^(PATCH|PUT) /.test(o.name))) {
        if (id === "edit_me") continue;
        assert.ok(
            parameters.some((p) => p.name === "If-Match"),
            name,
        );
        assert.ok(responses[200].headers.ETag, name);
    }
});

test("an action has a path, a body and a step of its own", () => {
    const kPrefix = "/api/v1/incidents/{number}/actions/";
    const actions = Object.keys(document.paths)
        .filter((p) => p.startsWith(kPrefix))
        .map((p) => p.slice(kPrefix.length));
    assert.deepEqual(actions, schemas.Action.enum);
    const { mapping } = schemas.ActionStep.discriminator;
    assert.deepEqual(Object.keys(mapping), actions);
    assert.deepEqual(
        Object.values(mapping),
        schemas.ActionStep.oneOf.map((s) => s.$ref),
    );
});

test("the tables of the description list exactly the codes of the schemas", () => {
    const codesOf = (head) => {
        const table = document.info.description.split(head)[1].split("\n\n")[0];
        return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map((m) => m[1]);
    };
    assert.deepEqual(codesOf("| code | status | when |"), schemas.ProblemFields.properties.code.enum);
    assert.deepEqual(codesOf("| code | the field |"), schemas.FieldError.properties.code.enum);
});

test("every code but a defect's can be answered somewhere", () => {
    const used = new Set(Object.values(document["x-transport-problems"]).flatMap((t) => t.codes));
    for (const [name, schema] of Object.entries(schemas)) {
        if (name === "ProblemFields") continue;
        for (const part of schema.allOf ?? []) for (const code of part.properties?.code?.enum ?? []) used.add(code);
    }
    const never = schemas.ProblemFields.properties.code.enum.filter((code) => !used.has(code));
    assert.deepEqual(never, ["server.internal"]);
});

test("a requester's form holds no word of the agents' that is not on the list", () => {
    // api.md §2: exactly these, by every channel.
    assert.deepEqual(schemas.RequesterIncident.required, [
        "number",
        "title",
        "description",
        "step",
        "waiting_for_you",
        "channel",
        "service",
        "requester",
        "handled_by",
        "created_at",
        "updated_at",
        "resolved_at",
        "closed_at",
        "resolution_notes",
        "promised_at",
        "auto_close_at",
        "reopen_until",
        "csat",
        "version",
        "allowed_actions",
    ]);
    assert.deepEqual(Object.keys(schemas.RequesterIncident.properties), schemas.RequesterIncident.required);
    assert.deepEqual(schemas.RequesterField.enum, schemas.RequesterIncident.required);
    assert.deepEqual(schemas.RequesterEntry.required, ["id", "kind", "at", "author", "text", "attachments", "step"]);
    assert.deepEqual(Object.keys(schemas.RequesterEntry.properties), schemas.RequesterEntry.required);
    for (const name of Object.keys(schemas.RequesterHit.properties))
        assert.ok(schemas.RequesterField.enum.includes(name), name);
});

test("all fields of an incident are required and named for streams", () => {
    assert.deepEqual(Object.keys(schemas.AgentIncident.properties), schemas.AgentIncident.required);
    assert.deepEqual(schemas.AgentField.enum, schemas.AgentIncident.required);
});

test("every schema compiles in strict mode", () => {
    const compiler = new Schemas(contract);
    for (const name of Object.keys(schemas)) {
        for (const form of ["agent", "requester"]) compiler.check({ $ref: `#/components/schemas/${name}` }, {}, [form]);
    }
});

test("the version is the product's", () => {
    assert.equal(document.info.version, readFileSync(new URL("../../VERSION", import.meta.url), "utf8").trim());
});

const kConverter = fileURLToPath(new URL("../../cmake/yaml_to_json.py", import.meta.url));
const convert = (source, target) => spawnSync("python3", [kConverter, source, target], { encoding: "utf8" });

test("the converter for the binary gives the same document", () => {
    const folder = mkdtempSync(join(tmpdir(), "contract-"));
    try {
        const target = join(folder, "openapi.json");
        const { status, stderr } = convert(fileURLToPath(kContractPath), target);
        assert.equal(status, 0, stderr);
        assert.deepEqual(JSON.parse(readFileSync(target, "utf8")), document);
        const compiler = new Schemas(contract);
        assert.deepEqual(compiler.check({ $ref: "#/components/schemas/ContractDocument" }, document, ["agent"]), []);
    } finally {
        rmSync(folder, { recursive: true });
    }
});

test("the converter reads YAML 1.2 and refuses duplicate keys", () => {
    const folder = mkdtempSync(join(tmpdir(), "contract-"));
    try {
        const [source, target] = [join(folder, "a.yaml"), join(folder, "a.json")];
        writeFileSync(source, "on: [yes, no, 012, 2026-03-02, 1.5, 7, true, ~]\n");
        assert.equal(convert(source, target).status, 0);
        assert.equal(readFileSync(target, "utf8"), '{"on":["yes","no","012","2026-03-02",1.5,7,true,null]}');
        writeFileSync(source, "a: 1\na: 2\n");
        const refused = convert(source, target);
        assert.equal(refused.status, 1);
        assert.match(refused.stderr, /the key 'a' is there twice/);
    } finally {
        rmSync(folder, { recursive: true });
    }
});
