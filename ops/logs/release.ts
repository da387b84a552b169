/** Reads what a person says of a release, its id or `all`; nothing where it is neither. */
export function readRelease(text: string): string | undefined {
    return /^([0-9a-f]{12}|all)$/.test(text) ? text : undefined;
}
