import { costs, seconds, total } from "./cells.ts";
import { table } from "./markdown.ts";
import type { Interruption, Measurements, Operation, Remains, Timing } from "./measurements.ts";
import { addedTo, appsIn, secondsOf, timingsOf } from "./selection.ts";
import { median, ratios, spread } from "./statistics.ts";
import { targets } from "./targets.ts";

const titles: Readonly<Record<Operation, string>> = {
    first: "first deployment",
    "no-op": "nothing changed",
    settings: "other settings",
    code: "other code",
    destroy: "end",
};

/** Who has apps on servers. */
const actors = ["program", "hand", "docker-ssh"] as const;

const names = { program: "program", hand: "by hand", "docker-ssh": "docker-ssh" } as const;

/** The targets, and whether they are met. */
export function targetTable(measurements: Pick<Measurements, "timings" | "idle" | "pairs">): string {
    const rows = targets(measurements).map(({ target, measured, met }) => {
        return [target, measured, met === undefined ? "not measured" : met ? "met" : "**missed**"];
    });
    return table(["target", "measured", ""], rows, "texts");
}

/** An app's life alone on the server. Each of these tables is an empty text when nothing of it was measured. */
export function lifeTable(timings: readonly Timing[]): string {
    const alone = timings.filter(({ apps, operation }) => apps === 1 && operation !== "no-op");
    const kinds = (["first", "settings", "code", "destroy"] as const).flatMap((operation) =>
        addedTo(alone).map((added) => ({ operation, added, apps: 1 })),
    );
    const rows = kinds.map((kind) => [
        `${titles[kind.operation]}, +${kind.added} ms`,
        ...actors.flatMap((actor) => costs(timingsOf(alone, { ...kind, actor }))),
        ratios(secondsOf(alone, { ...kind, actor: "program" }), secondsOf(alone, { ...kind, actor: "docker-ssh" })),
    ]);
    const figures = ["s", "ssh connections", "KiB"];
    const headings = actors.flatMap((actor) => figures.map((figure) => `${names[actor]}: ${figure}`));
    return table(["", ...headings, "program / docker-ssh"], rows);
}

/** An `up` that changes nothing, beside those of other programs. */
export function noOpTable(timings: readonly Timing[]): string {
    const noOps = timings.filter(({ operation }) => operation === "no-op");
    const rows = addedTo(noOps).map((added) => {
        const kind = { operation: "no-op", added, apps: 1 } as const;
        const program = secondsOf(noOps, { ...kind, actor: "program" });
        const imports = secondsOf(noOps, { ...kind, actor: "imports" });
        const empty = secondsOf(noOps, { ...kind, actor: "empty" });
        const [, ...counted] = costs(timingsOf(noOps, { ...kind, actor: "program" }));
        const taken = [program, imports, empty].map((series) => spread(series, 2));
        return [`+${added} ms`, ...taken, ratios(program, imports), ratios(program, empty), ...counted];
    });
    const programs = ["program: s", "same imports and as many resources: s", "empty program: s"];
    const compared = ["program / same imports", "program / empty"];
    return table(["", ...programs, ...compared, "program: ssh connections", "KiB"], rows);
}

/** What apps have left on their servers. */
export function remainsTable(remains: readonly Remains[]): string {
    const rows = actors.flatMap((actor) =>
        remains
            .filter((one) => one.actor === actor)
            .map(({ stayed }) => [names[actor], stayed.map((line) => line.replace(/(?<= ).*/, "`$&`")).join(", ")]),
    );
    return table(
        ["", "left"],
        rows.map(([who = "", left]) => [who, left || "nothing"]),
        "texts",
    );
}

/** What participants notice of updates. */
export function loadTable(interruptions: readonly Interruption[]): string {
    const kinds = (["settings", "code"] as const).flatMap((operation) => actors.map((actor) => ({ operation, actor })));
    const rows = kinds.flatMap(({ operation, actor }) => {
        const noticed = interruptions.filter((one) => one.operation === operation && one.actor === actor);
        if (noticed.length === 0) return [];
        const lost = noticed.map(({ requests }) => requests.lost);
        const gaps = noticed.map(({ slowestGap }) => slowestGap);
        const websockets = [total(noticed.map(({ own }) => own)), total(noticed.map(({ neighbour }) => neighbour))];
        const requests = [total(noticed.map((one) => one.requests)), spread(lost, 0), spread(gaps, 0)];
        return [[`${titles[operation]}, ${names[actor]}`, ...requests, ...websockets]];
    });
    const requests = ["requests lost in all runs", "in one", "slowest gap, ms"];
    return table(["", ...requests, "the app's websockets closed", "another app's"], rows);
}

/** Deployment and end of the k-th app, at the round trip at which those after the first were measured. */
export function appsTable(timings: readonly Timing[]): string {
    const [added] = addedTo(timings.filter(({ apps }) => apps > 1));
    if (added === undefined) return "";
    const rows = appsIn(timings).map((apps) => {
        const found = (actor: "program" | "hand", operation: "first" | "destroy") =>
            timingsOf(timings, { operation, actor, added, apps });
        const program = [found("program", "first"), found("program", "destroy")];
        const hand = [found("hand", "first"), found("hand", "destroy")];
        const closed = [program, hand].map((ways) => total(ways.flat().map(({ neighbour }) => neighbour)));
        return [String(apps), timesTheFirst(timings, added, apps), ...[...program, ...hand].map(seconds), ...closed];
    });
    const figures = [
        "program / k = 1",
        "program: first deployment, s",
        "end, s",
        "by hand: first deployment, s",
        "end, s",
    ];
    return table(["k", ...figures, "another app's websockets closed, program", "by hand"], rows);
}

function timesTheFirst(timings: readonly Timing[], added: number, apps: number): string {
    const taken = (number: number) =>
        median(secondsOf(timings, { operation: "first", actor: "program", added, apps: number }));
    const ratio = taken(apps) / taken(1);
    return Number.isNaN(ratio) ? "–" : ratio.toFixed(2);
}
