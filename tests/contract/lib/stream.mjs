// Checks a recorded piece of an event stream (WHATWG HTML, "Server-sent events"): every `data` against the media
// type's `contentSchema`, the event's name against its kind, its id against `epoch.pos`.
const kId = /^[A-Za-z0-9_-]+\.\d+$/;

export function streamViolations(content, text, forms, schemas) {
    const violations = [];
    // What follows the last blank line was cut off.
    const events = text.replaceAll("\r\n", "\n").split("\n\n").slice(0, -1);
    for (const [i, event] of events.entries()) {
        const fields = fieldsOf(event);
        if (fields.data === undefined) continue; // a comment, a retry time
        const told = eventViolations(content.schema.contentSchema, fields, forms, schemas);
        violations.push(...told.map((v) => `event ${i + 1}: ${v}`));
    }
    return violations;
}

function fieldsOf(event) {
    const fields = {};
    for (const line of event.split("\n")) {
        const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
        if (name === undefined) continue;
        fields[name] = name === "data" && fields.data !== undefined ? `${fields.data}\n${value}` : value;
    }
    return fields;
}

function eventViolations(schema, { id, event, data }, forms, schemas) {
    let value;
    try {
        value = JSON.parse(data);
    } catch (error) {
        return [`data is no JSON: ${error.message}`];
    }
    const violations = schemas.check(schema, value, forms);
    if (event !== value?.kind) violations.push(`its name ${event ?? "(none)"} is not its kind`);
    if (id === undefined || !kId.test(id)) violations.push(`its id ${id ?? "(none)"} is not epoch.pos`);
    return violations;
}
