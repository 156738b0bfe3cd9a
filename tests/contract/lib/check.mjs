// Checks one recorded exchange against the contract; the answer is a list of violations, empty where there is none.
//
// A record: {method, path (with its query), status, headers, body, request_body?, role?}. `body` is the parsed JSON
// or the raw text; `headers` are the answer's; `role` is the caller's.
import { formsFor, Schemas } from "./schemas.mjs";
import { queryViolations, typed } from "./query.mjs";
import { streamViolations } from "./stream.mjs";

const kJson = /^application\/(json|problem\+json)$/;

export class Checker {
    constructor(contract) {
        this.contract = contract;
        this.schemas = new Schemas(contract);
        this.seen = new Set(); // "operationId status"
    }

    check(record) {
        const malformed = recordViolations(record);
        if (malformed.length > 0) return malformed;
        const [pathname, query = ""] = record.path.split("?", 2);
        const method = record.method.toLowerCase();
        const found = this.contract.find(pathname);
        const operation = found?.route.operations[method === "head" ? "get" : method];
        const exchange = {
            record,
            query,
            operation,
            values: found?.values ?? {},
            isHead: method === "head",
            isSuccess: record.status >= 200 && record.status < 300,
            headers: lowerCased(record.headers),
            forms: formsFor(record.role),
        };
        const response = operation?.responses[record.status];
        if (response === undefined) return this.#checkTransport(exchange, found);
        this.seen.add(`${operation.id} ${record.status}`);
        return [
            ...this.#checkHeaders(response, exchange),
            ...this.#checkBody(response, exchange),
            ...(exchange.isSuccess ? this.#checkRequest(exchange) : []),
        ];
    }

    // The (operation, status) pairs that the contract documents and no record showed.
    unseen() {
        return this.contract.operations().flatMap((operation) =>
            Object.keys(operation.responses)
                .filter((status) => !this.seen.has(`${operation.id} ${status}`))
                .map((status) => ({ operation, status: Number(status) })),
        );
    }

    // An answer that no operation documents: only what may come before an operation is found, in its place.
    #checkTransport(exchange, found) {
        const { record, operation, headers } = exchange;
        const undocumented = [
            operation !== undefined
                ? `status ${record.status} is not documented`
                : found !== undefined
                  ? `method ${record.method} is not documented for ${found.route.template}`
                  : "path is not documented",
        ];
        const expected = this.contract.document["x-transport-problems"][record.status];
        if (expected === undefined) return undocumented;
        if (record.status === 404 && found !== undefined) return undocumented;
        if (record.status === 405 && (found === undefined || operation !== undefined)) return undocumented;
        const schema = {
            type: "object",
            allOf: [
                { $ref: "#/components/schemas/ProblemFields" },
                { type: "object", properties: { status: { const: record.status }, code: { enum: expected.codes } } },
            ],
            unevaluatedProperties: false,
        };
        const missing = ["X-Request-Id", ...(expected.headers ?? [])].filter(
            (name) => headers[name.toLowerCase()] === undefined,
        );
        const violations = missing.map((name) => `header ${name} is missing`);
        if (exchange.isHead) return violations;
        if (mediaType(headers) !== "application/problem+json") {
            violations.push(`content type ${mediaType(headers) || "(none)"} is no problem body`);
        }
        const { value, violation } = jsonOf(record.body);
        return [
            ...violations,
            ...(violation
                ? [violation]
                : [...this.schemas.check(schema, value, exchange.forms), ...requestId(value, headers)]),
        ];
    }

    #checkHeaders(response, { headers, forms }) {
        const violations = [];
        for (const [name, reference] of Object.entries(response.headers ?? {})) {
            const header = this.contract.resolve(reference);
            const value = headers[name.toLowerCase()];
            if (value === undefined) {
                if (header.required) violations.push(`header ${name} is missing`);
                continue;
            }
            violations.push(
                ...this.schemas
                    .check(header.schema, typed(header.schema, value), forms)
                    .map((v) => `header ${name}: ${v}`),
            );
        }
        return violations;
    }

    #checkBody(response, exchange) {
        const { record, headers, isHead, forms } = exchange;
        const isEmpty = record.body === undefined || record.body === null || record.body === "";
        if (isHead) return isEmpty ? [] : ["an answer to HEAD has a body"];
        if (response.content === undefined)
            return isEmpty ? [] : [`an answer ${record.status} without content has a body`];
        const type = mediaType(headers);
        const content = response.content[type] ?? response.content["*/*"];
        if (content === undefined) return [`content type ${type || "(none)"} is not documented`];
        if (response.content[type] === undefined) return []; // a file's own bytes
        if (type === "text/event-stream") return streamViolations(content, record.body ?? "", forms, this.schemas);
        if (!kJson.test(type)) return this.schemas.check(content.schema, record.body ?? "", forms);
        const { value, violation } = jsonOf(record.body);
        if (violation) return [violation];
        return [
            ...this.#checkJson(content.schema, value, exchange),
            ...(record.status >= 400 ? requestId(value, headers) : []),
        ];
    }

    #checkJson(schema, value, { operation, query, forms, isSuccess }) {
        const fields = new URLSearchParams(query).get("fields");
        const isTrimmed =
            isSuccess && fields !== null && operation.parameters.some((p) => p.in === "query" && p.name === "fields");
        if (!isTrimmed) return this.schemas.check(schema, value, forms);
        const results = forms.map((form) =>
            this.schemas.check(this.schemas.trimmed(schema, fields.split(","), form), value, [form]),
        );
        return results.reduce((best, violations) => (violations.length < best.length ? violations : best));
    }

    // What a success says about its request: the server may not accept what the contract refuses.
    #checkRequest({ record, operation, query, values, forms }) {
        const violations = queryViolations(operation, query, forms, this.schemas);
        for (const parameter of operation.parameters.filter((p) => p.in === "path")) {
            const told = this.schemas.check(parameter.schema, typed(parameter.schema, values[parameter.name]), forms);
            violations.push(...told.map((v) => `path parameter ${parameter.name}: ${v}`));
        }
        const content = operation.requestBody?.content;
        if (record.request_body === undefined || record.request_body === null) return violations;
        if (content === undefined) return [...violations, "the operation takes no body, but one was accepted"];
        if (content["application/json"] === undefined) return violations;
        const { value, violation } = jsonOf(record.request_body);
        if (violation) return [...violations, `request: ${violation}`];
        const told = this.schemas.check(content["application/json"].schema, value, forms);
        return [...violations, ...told.map((v) => `request body was accepted, but ${v}`)];
    }
}

function recordViolations(record) {
    if (record === null || typeof record !== "object" || Array.isArray(record)) return ["the record is no object"];
    const violations = [];
    if (typeof record.method !== "string") violations.push("the record has no method");
    if (typeof record.path !== "string") violations.push("the record has no path");
    if (!Number.isInteger(record.status)) violations.push("the record has no status");
    if (record.headers === null || typeof record.headers !== "object") violations.push("the record has no headers");
    return violations;
}

function lowerCased(headers) {
    return Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
            name.toLowerCase(),
            Array.isArray(value) ? value.join(", ") : String(value),
        ]),
    );
}

function mediaType(headers) {
    return (headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
}

// No answer of the API is a bare JSON string, so text is JSON that nobody has parsed yet.
function jsonOf(body) {
    if (body === undefined || body === null || body === "") return { violation: "the body is empty" };
    if (typeof body !== "string") return { value: body };
    try {
        return { value: JSON.parse(body) };
    } catch (error) {
        return { violation: `the body is no JSON: ${error.message}` };
    }
}

function requestId(problem, headers) {
    return problem?.request_id === headers["x-request-id"] ? [] : ["/request_id differs from header X-Request-Id"];
}
