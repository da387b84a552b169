/** The lines that two listings do not share: those that have gone with `-`, those that have come with `+`. */
export function lineChanges(before: readonly string[], after: readonly string[]): string[] {
    const [old, now] = [new Set(before), new Set(after)];
    const gone = before.filter((line) => !now.has(line)).map((line) => `- ${line}`);
    const added = after.filter((line) => !old.has(line)).map((line) => `+ ${line}`);
    return [...gone, ...added];
}
