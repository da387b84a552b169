const LONGEST = 60;

/** A value as a message shows it: JSON on one line, cut when long. */
export function shown(value: unknown): string {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
