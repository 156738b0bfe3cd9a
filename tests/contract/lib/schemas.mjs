// Compiles the contract's schemas (JSON Schema 2020-12) once per form of the answers: what an agent gets, what a
// requester gets. A `oneOf` or `anyOf` that names a Requester… schema is the fork between the two; each form keeps
// its own branches, so that an agent's answer to a requester is a violation although the contract allows it to
// somebody else.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const kRoot = "contract";
const kPrefix = "#/components/schemas/";
const isRequesterRef = (s) => s?.$ref?.startsWith(`${kPrefix}Requester`) === true;

// The forms that a caller of this role may get. Auditors read what agents read; an administrator is an agent or is not.
export function formsFor(role) {
    if (role === "requester") return ["requester"];
    if (role === undefined || role === "admin") return ["agent", "requester"];
    return ["agent"];
}

export class Schemas {
    #contract;
    #ajv = {};
    #compiled = new Map();

    constructor(contract) {
        this.#contract = contract;
        for (const form of ["agent", "requester"]) {
            const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
            addFormats(ajv);
            ajv.addSchema({ $id: kRoot, $defs: reduce(contract.document.components.schemas, form) });
            this.#ajv[form] = ajv;
        }
    }

    // The violations of `value`, as sentences; of several forms the one that fits best.
    check(schema, value, forms) {
        let best;
        for (const form of forms) {
            const violations = this.#checkForm(schema, value, form);
            if (violations.length === 0) return [];
            if (best === undefined || violations.length < best.length) best = violations;
        }
        return best;
    }

    // The schema of a page whose items were trimmed by `fields=`: each item has exactly the named ones of its fields.
    trimmed(page, fields, form) {
        const whole = this.#contract.resolve(page);
        const list = this.#contract.resolve(whole.properties.items);
        const branches = fork(list.items, form) ?? [list.items];
        const item = this.#contract.resolve(fork(this.#contract.resolve(branches[0]), form)?.[0] ?? branches[0]);
        const properties = Object.fromEntries(
            Object.entries(item.properties).filter(([name]) => fields.includes(name)),
        );
        return {
            ...whole,
            properties: {
                ...whole.properties,
                items: { type: "array", items: { ...item, properties, required: fields } },
            },
        };
    }

    #checkForm(schema, value, form) {
        const key = `${form} ${JSON.stringify(schema)}`;
        let validate = this.#compiled.get(key);
        if (validate === undefined) {
            validate = this.#ajv[form].compile(reduce(schema, form));
            this.#compiled.set(key, validate);
        }
        return validate(value) ? [] : describe(validate.errors);
    }
}

// The branches of a fork that belong to the form; undefined where the schema is no fork.
function fork(schema, form) {
    const branches = schema.oneOf ?? schema.anyOf;
    if (!branches?.some(isRequesterRef)) return undefined;
    return branches.filter((branch) => isRequesterRef(branch) === (form === "requester"));
}

// A copy for the compiler: forks decided, references made absolute, OpenAPI's own keywords left out.
function reduce(schema, form) {
    if (Array.isArray(schema)) return schema.map((s) => reduce(s, form));
    if (schema === null || typeof schema !== "object") return schema;
    const copy = {};
    const kept = fork(schema, form);
    for (const [key, value] of Object.entries(schema)) {
        if (key === "$ref") copy.$ref = `${kRoot}#/$defs/${value.slice(kPrefix.length)}`;
        else if (key === "discriminator" && value?.propertyName !== undefined) continue;
        else if (kept !== undefined && (key === "oneOf" || key === "anyOf")) {
            if (kept.length === 1) copy.allOf = reduce(kept, form);
            else copy[key] = reduce(kept, form);
        } else copy[key] = reduce(value, form);
    }
    return copy;
}

const kShownMax = 8;

function describe(errors) {
    const told = errors
        .filter((e) => e.keyword !== "if")
        .map((e) => {
            const extra =
                e.params.additionalProperty ?? e.params.unevaluatedProperty ?? e.params.allowedValues?.join(", ");
            return `${e.instancePath || "/"} ${e.message}${extra === undefined ? "" : ` (${extra})`}`;
        });
    const distinct = [...new Set(told)];
    return distinct.length > kShownMax
        ? [...distinct.slice(0, kShownMax), `and ${distinct.length - kShownMax} more`]
        : distinct;
}
