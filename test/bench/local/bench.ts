/** Measures `on: local` beside the same done by hand, at the lab's laptop, and writes docs/benchmarks-local.md: bench.ts [RUNS [FILE]] */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { atLaptop } from "../../stories/steps/local/laptop.ts";
import { checkout } from "../../support/testLab.ts";
import { within } from "../../support/within.ts";
import { seconds } from "../cases/measure.ts";
import { say } from "../progress.ts";
import { table } from "../results/markdown.ts";
import { median, ratios, spread } from "../results/statistics.ts";
import { writeHandFile } from "./byHand.ts";

type Operation = "start" | "settings";

const PORT = 5990;
const [runs = "5", output = "docs/benchmarks-local.md"] = process.argv.slice(2);
const taken = { program: { start: [], settings: [] }, hand: { start: [], settings: [] } } as Record<
    "program" | "hand",
    Record<Operation, number[]>
>;

await using laptop = await atLaptop("bench");
const { stack, docker, folder } = laptop;
const file = join(folder, "by-hand.yaml");
await stack.up();
const { composeFile } = Object(await stack.outputs());
await writeHandFile(folder, composeFile, PORT, file);
// Under another name as well it stays, and nothing is built again.
await docker("tag", await stack.output("image"), "kept:local");
await stack.destroy();

for (let run = 0; run < Number(runs); run++) {
    for (const way of run % 2 === 0 ? [byProgram, byHand] : [byHand, byProgram]) await way(run);
}
await docker("image", "rm", "-f", "kept:local");
await writeFile(resolve(checkout, output), page());
say(`done: ${output}`);

async function byProgram(run: number): Promise<void> {
    note("program", "start", await seconds(() => stack.up()));
    await stack.configure({ "settings.title": `The words of run ${run}` });
    note("program", "settings", await seconds(() => stack.up()));
    await stack.configure({ "settings.title": "" });
    await stack.destroy();
}

async function byHand(run: number): Promise<void> {
    const compose = (...args: string[]) => docker("compose", "-f", file, ...args);
    const text = await readFile(file, "utf8");
    note(
        "hand",
        "start",
        await seconds(async () => {
            await compose("up", "-d", "--wait");
            await compose("exec", "-T", "web", "dallinger-housekeeper", "initdb");
            await within(60, async () => (await fetch(`http://127.0.0.1:${PORT}/launch`, { method: "POST" })).ok);
        }),
    );
    await writeFile(file, text.replaceAll(/title: .*/g, `title: The words of run ${run}`));
    note("hand", "settings", await seconds(() => compose("up", "-d", "--wait")));
    await compose("down", "-v");
    await writeFile(file, text);
}

function note(who: "program" | "hand", operation: Operation, figure: number): void {
    say(`${operation} (${who}): ${figure.toFixed(1)} s`);
    taken[who][operation].push(figure);
}

function page(): string {
    const rows = (
        [
            ["start", "cold start, from an existing image to launched", 1.3],
            ["settings", "other settings", 1.5],
        ] as const
    ).map(([operation, title, most]) => {
        const [program, hand] = [taken.program[operation], taken.hand[operation]];
        const met = median(program) / median(hand) <= most ? "met" : "**missed**";
        return [title, spread(program, 1), spread(hand, 1), ratios(program, hand), `at most ${most}: ${met}`];
    });
    return `# Benchmarks of an experiment on one's own machine

Written by \`make bench\` (\`test/bench/local\`) on ${new Date().toISOString().slice(0, 10)}. A figure is the median of ${runs} runs, with the smallest and the largest in parentheses; what is
compared was measured in turn, on the lab's laptop. Targets are told here, and no test asserts them.

${table(["", "program: s", "by hand: s", "program / by hand", "target"], rows)}

- **program**: \`pulumi up\` with \`--yes --skip-preview\` of the example with \`on: local\`, web, worker and clock, of which the image is there. It has ended when Dallinger has answered the launch.
- **by hand**: \`docker compose up -d --wait\` with the compose file that the program would have (secrets in it, volumes and network of compose's own, the same share of processors for all, no edits followed), \`dallinger-housekeeper initdb\` in the web's container, the POST of /launch. Other settings: the file edited, and \`docker compose up -d --wait\`.
`;
}
