import { once } from "node:events";
import { type ExecaError, execa } from "execa";
import { labProgram } from "./labCommand.ts";

/** A command that runs in an empty machine; fails when that does. */
export interface Running extends Promise<{ stdout: unknown }> {
    readonly pid?: number | undefined;
}

/** Network and mount namespaces in which no other lab is: what is found there is the doing of the lab under test. */
export interface EmptyMachine extends AsyncDisposable {
    /** Runs a command there. */
    run(command: string, ...arguments_: string[]): Running;
    /** Starts the lab's command there, as the leader of a process group that can be killed. */
    lab(...arguments_: string[]): Running;
    /** Everything a lab could leave on a machine except processes, a line each. */
    traces(): Promise<string[]>;
}

/** What differs between two listings of traces: "+ line" for what came, "- line" for what went. */
export function changes(before: readonly string[], after: readonly string[]): string[] {
    const came = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
    const went = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
    return [...came, ...went];
}

const setup = `
mkdir -p /run/cgroup
mount --rbind /sys/fs/cgroup /mnt
mount -t sysfs sysfs /sys
mount --rbind /mnt /sys/fs/cgroup
mount -t tmpfs tmpfs /run
ip link set lo up
sysctl -qw net.ipv4.ip_forward=0
echo ready
exec sleep infinity`;

const listing = `
ip -o link | sed 's/^[0-9]*: //'; ip -o address | sed 's/^[0-9]*: //'; ip route show table all; ip rule
nft --stateless list ruleset
sysctl -a --pattern '^net\\.' 2>/dev/null | grep -v nf_conntrack_count
cat /proc/mounts
find /run /etc -xdev -newermt "@$SINCE" ! -type d
find "$LABS" 2>/dev/null || true`;

/** Opens an empty machine whose labs are kept in `folder`. */
export async function openEmptyMachine(folder: string): Promise<EmptyMachine> {
    const holder = execa("unshare", ["--net", "--mount", "bash", "-euc", setup], { stdin: "ignore" });
    await once(holder.stdout, "data");
    const since = String(Math.floor(Date.now() / 1000));
    const env = { DALLINGER_LAB_DIR: folder, LABS: folder, SINCE: since };
    const enter = (command: string, arguments_: string[], detached: boolean): Running =>
        execa("nsenter", ["--target", String(holder.pid), "--net", "--mount", command, ...arguments_], {
            env,
            stdin: "ignore",
            detached,
            timeout: 300_000,
        });
    return {
        run: (command, ...arguments_) => enter(command, arguments_, false),
        lab: (...arguments_) => enter(labProgram, arguments_, true),
        traces: async () => String((await enter("bash", ["-euc", listing], false)).stdout).split("\n"),
        async [Symbol.asyncDispose]() {
            holder.kill("SIGKILL");
            await holder.catch((error: ExecaError) => error);
        },
    };
}
