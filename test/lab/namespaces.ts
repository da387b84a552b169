import assert from "node:assert/strict";
import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** The ids of the namespaces that these processes are in. */
export async function namespaces(pids: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const pid of pids) {
        for (const kind of ["net", "mnt", "pid", "uts", "ipc", "cgroup"]) {
            // A process may end while it is looked at.
            const id = await readlink(`/proc/${pid}/ns/${kind}`).catch(() => undefined);
            if (id !== undefined) found.add(id);
        }
    }
    return found;
}

/** Seconds since the machine's start. */
export async function uptime(): Promise<number> {
    return Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
}

/** The processes that had started by then, in seconds since the machine's start. A namespace's id can be another one's soon after. */
export async function startedBy(moment: number): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
        const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
        // The 22nd field, in hundredths; a name with spaces may stand before it, in parentheses.
        const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) / 100;
        if (start <= moment) found.push(pid);
    }
    return found;
}

/**
 * Fails when a process that had started by then is in one of these namespaces for a minute more: the last one of a server ends
 * when what was written to its root folder is on the disk, which others may keep busy.
 */
export async function assertEmpty(inside: ReadonlySet<string>, then: number): Promise<void> {
    for (let tries = 0; ; tries++) {
        const left = inside.intersection(await namespaces(await startedBy(then)));
        if (left.size === 0) return;
        assert.ok(tries < 120, `there are processes in ${[...left].join(", ")}`);
        await setTimeout(500);
    }
}
