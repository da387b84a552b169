import { z } from "zod";

/** Dallinger's words for a participant's state, and an experiment's own. */
const STATE = /^[a-z][a-z_]{0,39}$/;

const summary = z.array(z.tuple([z.string().regex(STATE), z.int().nonnegative()])).max(50);

/** Number of participants by their state. */
export type ParticipantCounts = Readonly<Record<string, number>>;

/** Reads the key `summary` of what Dallinger answers to /summary, pairs of a state and a number; nothing where it is not that. */
export function readSummary(text: string): ParticipantCounts | undefined {
    try {
        return Object.fromEntries(summary.parse(JSON.parse(text)).filter(([, number]) => number > 0));
    } catch {
        return undefined;
    }
}

/** Reads what the table of participants has given: lines `state STATE NUMBER`, and `end`; nothing where that is not all. */
export function readCounts(lines: readonly string[]): ParticipantCounts | undefined {
    if (lines.at(-1) !== "end") return undefined;
    const rows = lines.slice(0, -1).map((line) => /^state (\S+) (\d{1,12})$/.exec(line));
    const pairs = rows.map((row) => [row?.[1], Number(row?.[2])]);
    return readSummary(JSON.stringify(pairs));
}
