import type { Options } from "../options.ts";
import { fitsTable, idleTable, pairsTable } from "./manyAppsTables.ts";
import { table } from "./markdown.ts";
import type { Measurements, RoundTrip } from "./measurements.ts";
import type { Plot } from "./plots.ts";
import { median } from "./statistics.ts";
import { appsTable, lifeTable, loadTable, noOpTable, remainsTable, targetTable } from "./tables.ts";

/** A run of the benchmarks. */
export interface BenchmarksRun {
    readonly date: string;
    readonly options: Options;
    /** What machine and programs are, by what they are called. */
    readonly machine: Readonly<Record<string, string>>;
    /** Whether all was measured that was to be. */
    readonly complete: boolean;
    readonly measurements: Measurements;
    /** Pictures of it, and the folder beside the page that they are in. */
    readonly plots: { readonly folder: string; readonly drawn: readonly Plot[] };
}

/** Renders `docs/benchmarks.md`. The same run gives the same bytes. */
export function renderPage({ date, options, machine, complete, measurements, plots }: BenchmarksRun): string {
    const { timings, interruptions, roundTrips, remains, idle, pairs } = measurements;
    return [
        ["# Benchmarks", introduction(date, options.runs)],
        complete ? [] : ["**Not complete: this run is going on, or was interrupted.**"],
        section("Targets", targetTable(measurements)),
        section("One app, alone on its server", lifeTable(timings)),
        section("What the end leaves on the server", remainsTable(remains)),
        section("Nothing has changed", noOpTable(timings)),
        section("What participants notice of an update", loadTable(interruptions)),
        section("The k-th app on a server", appsTable(timings)),
        section("Two apps at once", pairsTable(pairs)),
        section("An app that nobody uses", idleTable(idle)),
        section("What fits on a server", fitsTable(idle)),
        section("Pictures", plots.drawn.map(({ file, title }) => `![${title}](${plots.folder}/${file})`).join("\n\n")),
        section("How it was measured", method(options, roundTrips)),
        section("Machine and versions", table(["what", ""], Object.entries(machine), "texts")),
    ]
        .flat()
        .map((part) => `${part}\n`)
        .join("\n");
}

function section(title: string, content: string): string[] {
    return content === "" ? [] : [`## ${title}`, content];
}

function introduction(date: string, runs: number): string {
    return [
        `Written by \`make bench\` (\`test/bench\`) on ${date}. A figure is the median of ${runs} runs, with the smallest and the`,
        "largest in parentheses, and what is compared was measured in turn. They are figures of one machine, which was operator,",
        "registry, participants and server at once: what counts is how they compare. Targets are told here, and no test asserts them.",
    ].join("\n");
}

function method({ roundTrips: [first = 0] }: Options, roundTrips: readonly RoundTrip[]): string {
    const added = [...Map.groupBy(roundTrips, (one) => one.added)];
    const measured = added.map(([milliseconds, found]) => {
        return `${median(found.map((one) => one.measured)).toFixed(1)} ms with ${milliseconds} ms added`;
    });
    return [
        "- **program**: `pulumi up` or `destroy` with `--yes --skip-preview`, after the configuration was changed, of a stack with `experiment.on`, on a server that is prepared.",
        "- **by hand**: `test/bench/ways/*.sh`, what a careful person does with plain `ssh` and `scp`: role and database by `psql`, `initdb`, `docker compose pull` and `up -d --wait`, a site file and a reload, the POST of /launch; the same images, settings and containers. Its end is a `pg_dump` that nobody has read back; the program's backup holds the files, Redis, logs and the release too, and is restored before anything is removed.",
        "- **docker-ssh**: `dallinger docker-ssh` of Dallinger 12.4.0, the predecessor: `deploy`, `deploy --update` and `destroy`, of the same code and settings, on a server of its own where its services run. Other settings are an update as other code is: it has nothing else. Its commands end before the web serves, so that an update has ended, as a first deployment, when the site answers. Three lines of it are changed, so that its Caddy is its own authority; `postgres:12`, `bitnamilegacy/pgbouncer:1.24.1` and `amir20/dozzle:v10.0.2` are stand-ins (`test/bench/ways/dockerSsh`). Its end saves nothing.",
        "- The images had been built, and were on the server, before: neither building nor pulling counts. A first deployment has ended when the site answers.",
        "- **ssh connections**: what the server's sshd has written into the journal. **KiB**: all that passed the server's network interface, both ways.",
        "- **nothing changed**: beside the program two others in the same project; one imports what it does and has as many resources, which are bare components and random ids; one is empty. In parentheses, the smallest and the largest ratio of a run.",
        `- **update**: under 50 requests a second, half of them POST, half over kept connections, one in fifty three seconds long, at +${first} ms. A request is lost that gets another answer than 200, or none. Five websockets are open to another app on the server, and in the last run five to the app itself while its code changes: an update waits for those.`,
        "- **left on the server**: containers, volumes, networks, images, databases, roles, and paths in `/home`, `/srv` and `/var/lib/dallinger`, which were not there before the first deployment and are after the end; the images of the app itself had been there before.",
        "- **what an update takes its time for**: as `./ops/dallinger timings` tells it of the last one that was measured. **Requests lost over time**: by the second in which they were asked, the mean of the runs.",
        `- **k-th app**: k - 1 others stay; deployed and taken away in every run, for k above 1 at +${first} ms only, by hand for the largest k only. Five websockets are open to another app, which was put there in the same way.`,
        `- **two apps at once**: first deployments on one server, from the same machine and folder, at +${first} ms; they have ended when both sites answer.`,
        "- **an app that nobody uses**: the mean of all that stand beside the k-th, over two minutes. Memory of containers as `docker stats` counts it; of shims their share of what they have in common. Probes count for the container that they ask; what the engine does for them is its own line. **What fits** is by memory alone, with one GiB for the server itself, and says nothing of apps that are used.",
        `- **round trips**: packets from the machine to the server are held back (\`test/bench/network/delay.py\`). Opening a connection took ${measured.join(", ")}.`,
    ].join("\n");
}
