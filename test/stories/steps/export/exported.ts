import assert from "node:assert/strict";
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readZip } from "../../../../ops/export/dataZip.ts";
import { servingWeb } from "../../../support/appOnServer.ts";
import type { Operator } from "../../../support/operator.ts";
import { type TestServer, testLab } from "../../../support/testLab.ts";

/** A finished run of `./ops/dallinger export`. */
export interface Exported {
    readonly folder: string;
    /** Rows by table. */
    readonly rows: Readonly<Record<string, number>>;
    /** The most memory that its process has had, in MiB. */
    readonly memory: number;
    readonly seconds: number;
}

const noting =
    'process.on("exit", () => require("node:fs").writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));';

/** Starts an export of the stack `recall`. */
export function startExport(
    { folder, stack }: Operator,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
) {
    const env = { ...stack("recall").environment, ...environment };
    const command = join(folder, "ops/dallinger");
    return execa(command, ["export", ...args, "--stack", "recall"], { cwd: folder, env, reject: false });
}

/** Exports the stack `recall` to its end. */
export async function exportNow(operator: Operator, args: readonly string[]): Promise<Exported> {
    await using scratch = await mkdtempDisposable(join(tmpdir(), "e2e-peak-"));
    const peak = join(scratch.path, "peak");
    const required = join(scratch.path, "noting.cjs");
    await writeFile(required, noting);
    const begun = performance.now();
    const options = { PEAK: peak, NODE_OPTIONS: `--require=${required}` };
    const { exitCode, stdout, stderr } = await startExport(operator, [...args, "--json"], options);
    assert.equal(exitCode, 0, stderr);
    const { folder, tables } = JSON.parse(stdout) as { folder: string; tables: { table: string; rows: number }[] };
    const seconds = (performance.now() - begun) / 1000;
    const memory = Number(await readFile(peak, "utf8")) / 1024;
    return { folder, rows: Object.fromEntries(tables.map(({ table, rows }) => [table, rows])), memory, seconds };
}

/** What an export's archive of a variant holds, by path. */
export async function archiveOf(
    folder: string,
    variant: "regular" | "anonymous",
): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    await readZip(archiveIn(folder, variant), async (path, content) => {
        const pieces: Buffer[] = [];
        for await (const piece of content) pieces.push(piece);
        found[path] = Buffer.concat(pieces).toString();
    });
    return found;
}

const loading = `
import base64, json, os, sys, tempfile
folder = tempfile.mkdtemp()
def receive(name):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(base64.b64decode(sys.stdin.readline()))
    return path
sys.path.insert(0, receive("tablib.whl"))
from dallinger.data import Data
data = Data(receive("recall-data.zip"))
rows = lambda table: table.tablib_dataset.dict
print(json.dumps({
    "participants": len(rows(data.participants)),
    "answers": len([row for row in rows(data.infos) if row["type"] == "info"]) + len(rows(data.questions)),
    "pairs": [len([row for row in rows(data.infos) if row["type"] == "paired"]), len([row for row in rows(data.notifications) if row["event_type"] == "paired"])],
    "workers": len({row["worker_id"] for row in rows(data.participants)}),
}))
`;

/** What reads tables for Dallinger, which an experiment's image does not have (its extra `data`): a wheel, in base64. */
export async function readerOfTables(): Promise<string> {
    const lab = await testLab();
    await using folder = await mkdtempDisposable(join(tmpdir(), "e2e-wheel-"));
    const dockerfile = [
        `FROM ${lab.images.python} AS source`,
        "RUN pip download --no-deps --dest /source tablib==3.9.0",
        "FROM scratch",
        "COPY --from=source /source /",
    ].join("\n");
    const build = ["buildx", "build", "--quiet", "--output", `type=local,dest=${folder.path}`, "-"];
    await execa("docker", build, { env: { ...lab.environment }, input: dockerfile });
    const [wheel = ""] = await readdir(folder.path);
    return await readFile(join(folder.path, wheel), "base64");
}

/** What Dallinger's own `Data` finds in an export's archive, in a container of the app. */
export async function loadByDallinger(server: TestServer, archive: string, wheel: string) {
    const script = Buffer.from(loading).toString("base64");
    const web = await servingWeb(server, "recall");
    const run = `docker exec -i ${web} python3 -c "import base64; exec(base64.b64decode('${script}'))"`;
    const told = await server.shell(run, `${wheel}\n${await readFile(archive, "base64")}\n`);
    return JSON.parse(told.split("\n").at(-1) ?? "");
}

/** Path of an export's archive of a variant. */
export function archiveIn(folder: string, variant: "regular" | "anonymous"): string {
    return join(folder, variant, "recall-data.zip");
}

/** Names of what is below `exports/recall` of an operator's folder. */
export async function exportsOf({ folder }: Operator): Promise<string[]> {
    return (await readdir(join(folder, "exports/recall"))).toSorted();
}

/** Asserts that every file of an export is what its checksums say. */
export async function isWhole({ folder }: Operator, name: string): Promise<void> {
    for (const variant of ["regular", "anonymous"]) {
        const cwd = join(folder, "exports/recall", name, variant);
        await execa("sha256sum", ["--quiet", "--strict", "--check", "SHA256SUMS"], { cwd });
    }
}
