// The contract as data: loads api/openapi.yaml and finds the operation of a method and path (OpenAPI 3.1).
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export const kContractPath = new URL("../../../api/openapi.yaml", import.meta.url);
const kMethods = ["get", "put", "post", "delete", "patch"];

export function loadContract(path = kContractPath) {
    return new Contract(parse(readFileSync(path, "utf8")));
}

export class Contract {
    constructor(document) {
        this.document = document;
        this.routes = Object.entries(document.paths).map(([template, item]) => this.#route(template, item));
    }

    // Follows `$ref` within the document until something else stands there.
    resolve(thing) {
        while (thing?.$ref !== undefined) {
            const steps = thing.$ref
                .slice(2)
                .split("/")
                .map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~"));
            thing = steps.reduce((at, step) => at?.[step], this.document);
        }
        return thing;
    }

    // The route whose template fits the path, the one with more literal segments first; undefined where none does.
    // `values` are the decoded path parameters.
    find(pathname) {
        const segments = pathname.split("/");
        let best;
        for (const route of this.routes) {
            const values = fit(route.segments, segments);
            if (values !== undefined && (best === undefined || route.literals > best.route.literals))
                best = { route, values };
        }
        return best;
    }

    operations() {
        return this.routes.flatMap((route) => Object.values(route.operations));
    }

    #route(template, item) {
        const segments = template.split("/");
        const operations = {};
        for (const method of kMethods) {
            if (item[method] === undefined) continue;
            const { operationId, parameters = [], responses, requestBody } = item[method];
            operations[method] = {
                id: operationId,
                name: `${method.toUpperCase()} ${template}`,
                parameters: parameters.map((p) => this.resolve(p)),
                requestBody: this.resolve(requestBody),
                responses: Object.fromEntries(
                    Object.entries(responses).map(([status, r]) => [status, this.resolve(r)]),
                ),
            };
        }
        return { template, segments, literals: segments.filter((s) => !s.startsWith("{")).length, operations };
    }
}

function fit(template, segments) {
    if (template.length !== segments.length) return undefined;
    const values = {};
    for (const [i, part] of template.entries()) {
        if (!part.startsWith("{")) {
            if (part !== segments[i]) return undefined;
            continue;
        }
        if (segments[i] === "") return undefined;
        try {
            values[part.slice(1, -1)] = decodeURIComponent(segments[i]);
        } catch {
            return undefined;
        }
    }
    return values;
}
