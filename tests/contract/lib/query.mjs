// Checks the query of an accepted request against the documented parameters (OpenAPI style `form`).
export function queryViolations(operation, query, forms, schemas) {
    const parameters = operation.parameters.filter((p) => p.in === "query");
    const given = new URLSearchParams(query);
    const violations = [...new Set(given.keys())]
        .filter((name) => !parameters.some((p) => p.name === name))
        .map((name) => `query parameter ${name} is not documented, but was accepted`);
    for (const parameter of parameters) {
        const values = given.getAll(parameter.name);
        if (values.length === 0) {
            if (parameter.required)
                violations.push(`query parameter ${parameter.name} is required, but its absence was accepted`);
            continue;
        }
        const told = schemas.check(parameter.schema, valueOf(parameter, values), forms);
        violations.push(...told.map((v) => `query parameter ${parameter.name} was accepted, but ${v}`));
    }
    return violations;
}

function valueOf({ schema, explode }, values) {
    if (schema.type === "array") return explode === false ? values.join(",").split(",") : values;
    if (values.length > 1) return values; // a single value given twice fits no schema
    return typed(schema, values[0]);
}

// The text of a parameter or header as the type that its schema names; text that is none stays text and fits no schema.
export function typed(schema, text) {
    if (schema.type === "integer" && /^-?(0|[1-9]\d*)$/.test(text)) return Number(text);
    if (schema.type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
    return text;
}
