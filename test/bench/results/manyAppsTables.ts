import { table } from "./markdown.ts";
import type { Idle, Pair } from "./measurements.ts";
import { ratios, spread } from "./statistics.ts";

/** Services of an app that are Dallinger and the experiment. */
const python = ["web", "worker", "clock"];

/** GiB of servers that are told, and of each what the server needs for itself. */
const servers = { memory: [4, 8, 16], itself: 1 };

/** What an app has beside Python. */
export function besidePython(idle: readonly Idle[]): Idle[] {
    return idle.filter(({ part }) => !python.includes(part));
}

/** Two first deployments at once. Each of these tables is an empty text when nothing of it was measured. */
export function pairsTable(pairs: readonly Pair[]): string {
    if (pairs.length === 0) return "";
    const [alone, both] = [pairs.map((pair) => pair.alone), pairs.map((pair) => pair.both)];
    return table(
        ["one alone: s", "two at once: s", "two / one"],
        [[spread(alone, 1), spread(both, 1), ratios(both, alone)]],
    );
}

/** What each part of an app costs that nobody uses. */
export function idleTable(idle: readonly Idle[]): string {
    if (idle.length === 0) return "";
    const row = (title: string, parts: readonly Idle[]) => [
        title,
        sum(parts, "percent").toFixed(2),
        sum(parts, "mebibytes").toFixed(1),
    ];
    const rows = idle.toSorted((a, b) => b.mebibytes - a.mebibytes).map((one) => row(one.part, [one]));
    const totals = [row("beside Python", besidePython(idle)), row("all of it", idle)];
    return table(["", "% of a processor", "MiB"], [...rows, ...totals]);
}

/** How many such apps fit on servers. */
export function fitsTable(idle: readonly Idle[]): string {
    if (idle.length === 0) return "";
    const [percent, mebibytes] = [sum(idle, "percent"), sum(idle, "mebibytes")];
    const rows = servers.memory.map((memory, index) => {
        const apps = Math.floor(((memory - servers.itself) * 1024) / mebibytes);
        const processors = 2 ** (index + 1);
        return [`${processors} processors, ${memory} GiB`, `${apps}`, `${((apps * percent) / processors).toFixed(1)}`];
    });
    return table(["server", "apps that nobody uses", "% of its processors that they take"], rows);
}

function sum(parts: readonly Idle[], what: "percent" | "mebibytes"): number {
    return parts.reduce((all, one) => all + one[what], 0);
}
