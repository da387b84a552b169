import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** A process; told from a later one of the same number by the moment in which it began. */
interface KnownProcess {
    readonly pid: number;
    readonly began: string;
}

/** What can be killed: a process that was started here. */
interface Killable {
    readonly pid?: number | undefined;
    /** @returns whether it still runs. */
    kill(signal: NodeJS.Signals): boolean;
}

/** Processes that live on when the one that has started them is killed. Disposing ends them. */
export class Orphans implements AsyncDisposable {
    private readonly processes: readonly KnownProcess[];

    private constructor(processes: readonly KnownProcess[]) {
        this.processes = processes;
    }

    /** Kills a process as it stands with SIGKILL, and none of those that it has started, or they have. */
    static async of(parent: Killable): Promise<Orphans> {
        // Stopped, it starts no more while they are looked for.
        if (!parent.kill("SIGSTOP") || parent.pid === undefined) return new Orphans([]);
        try {
            const found = await Promise.all((await descendants(parent.pid)).map(know));
            return new Orphans(found.filter((known) => known !== undefined));
        } finally {
            // Whatever has come of that: stopped, it would be waited for for ever.
            parent.kill("SIGKILL");
        }
    }

    /** Numbers of those that still run: none, once `./pulumi` was started again. */
    async left(): Promise<number[]> {
        const found = await Promise.all(
            this.processes.map(async ({ pid, began }) => ((await know(pid))?.began === began ? [pid] : [])),
        );
        return found.flat();
    }

    async [Symbol.asyncDispose](): Promise<void> {
        for (const pid of await this.left()) process.kill(pid, "SIGKILL");
    }
}

async function descendants(parent: number): Promise<number[]> {
    const { stdout } = await execa("ps", ["-eo", "pid=,ppid="]);
    const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
    const below = (pid: number): number[] =>
        pairs.flatMap(([child = 0, of]) => (of === pid ? [child, ...below(child)] : []));
    return below(parent);
}

/** Nothing, for a process that is no more. */
async function know(pid: number): Promise<KnownProcess | undefined> {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    // The name, in parentheses, may hold spaces; after it come the state and, as the 20th field, the moment (proc(5): starttime).
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    const [state = "Z", began = ""] = [fields[0], fields[19]];
    return state === "Z" ? undefined : { pid, began };
}
