import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

const toolchain = join(projectFolder, "toolchain");
const sources = ["runs", "staleLocks", "leftBehind"].map((name) => `. "${toolchain}/${name}.sh"; `).join("");

/** A program of any name that runs for so many seconds as it is told. */
export async function program(folder: string, name: string): Promise<string> {
    const { stdout: sleep } = await execa("sh", ["-c", "command -v sleep"]);
    await cp(sleep, join(folder, name));
    return join(folder, name);
}

/** What `./pulumi` notes of its runs, of one test: a backend, a folder of notes, one for temporary files. */
export class Runs {
    readonly folder: string;
    readonly notesFolder: string;
    readonly temporary: string;
    private readonly ending = new AsyncDisposableStack();

    private constructor(folder: string) {
        this.folder = folder;
        this.notesFolder = join(folder, "runs");
        this.temporary = join(folder, "temporary");
    }

    static async create(test: TestContext): Promise<Runs> {
        const runs = new Runs(await mkdtemp(join(tmpdir(), "runs-")));
        test.after(() => runs.ending.disposeAsync());
        runs.atEnd(() => rm(runs.folder, { recursive: true }));
        await mkdir(runs.temporary);
        await mkdir(join(runs.folder, "backend/.pulumi/locks/organization/dallinger/lab1"), { recursive: true });
        return runs;
    }

    /** Starts a run that is `command` of sh; it is killed with the test. */
    async start(command: string): Promise<{ pid: number; ended: Promise<unknown> }> {
        const before = await this.notes();
        const script = `set -eu; ${sources} begin_run "$1" "file://$2"; ${command}`;
        const process = execa("sh", ["-c", script, "sh", this.notesFolder, join(this.folder, "backend")], {
            env: { TMPDIR: this.temporary },
            reject: false,
            stdio: "ignore",
        });
        this.atEnd(async () => {
            process.kill("SIGKILL");
            await process;
        });
        while (!(await this.begun(before))) await setTimeout(10);
        return { pid: process.pid ?? 0, ended: process };
    }

    /** Has something done with the end of the test; what was asked for last comes first. */
    atEnd(done: () => Promise<unknown>): void {
        this.ending.defer(async () => {
            await done();
        });
    }

    /** What the next run does before it begins; `replacing` puts other functions in the place of some. */
    async next(replacing = "") {
        const script = `set -eu; ${sources}${replacing}settle_runs "$1"`;
        return await execa("sh", ["-c", script, "sh", this.notesFolder], { reject: false });
    }

    /** Puts a lock into the backend as Pulumi does. */
    async lock(name: string, pid: number, { host = hostname(), time = new Date(Date.now() + 1000) } = {}) {
        const file = join(this.locksFolder, `${name}.json`);
        const text = JSON.stringify({ pid, username: "root", hostname: host, timestamp: time.toISOString() });
        await writeFile(file, text);
        await utimes(file, time, time);
    }

    /** Puts the attributes of a stack's state into the backend as Pulumi does. */
    async attributes(stack: string, text: string, older: boolean): Promise<void> {
        const file = join(this.stacksFolder, `${stack}.json.attrs`);
        const time = new Date(Date.now() + (older ? -3_600_000 : 1000));
        await mkdir(this.stacksFolder, { recursive: true });
        await writeFile(file, text);
        await utimes(file, time, time);
    }

    async stacks(): Promise<string[]> {
        return (await readdir(this.stacksFolder)).toSorted();
    }

    async locks(): Promise<string[]> {
        return (await readdir(this.locksFolder)).toSorted();
    }

    async notes(): Promise<string[]> {
        return await readdir(this.notesFolder).catch(() => []);
    }

    async noted(note: string): Promise<string> {
        return await readFile(join(this.notesFolder, note), "utf8");
    }

    /** A disk that is not mounted has no folder. */
    async backendIsThere(there: boolean): Promise<void> {
        const [shown, hidden] = [join(this.folder, "backend"), join(this.folder, "elsewhere")];
        await (there ? rename(hidden, shown) : rename(shown, hidden));
    }

    private get stacksFolder(): string {
        return join(this.folder, "backend/.pulumi/stacks/dallinger");
    }

    private get locksFolder(): string {
        return join(this.folder, "backend/.pulumi/locks/organization/dallinger/lab1");
    }

    private async begun(before: readonly string[]): Promise<boolean> {
        const [note] = (await this.notes()).filter((name) => !before.includes(name));
        return note !== undefined && (await this.noted(note)).includes("temporary ");
    }
}
