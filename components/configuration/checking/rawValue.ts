/** Whether the value is a map, as a block has to be. */
export function isMap(raw: unknown): raw is object {
    return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** A key's value, of what may be a map or anything else. */
export function property(value: unknown, key: PropertyKey): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** What may be a map, with nothing in it where it is none. */
export function record(value: unknown): Record<string, unknown> {
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
