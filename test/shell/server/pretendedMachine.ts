import { existsSync, globSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { placeDoor, serverFolder } from "../serverScripts.ts";
import { linkPrograms } from "./linkPrograms.ts";

/** Programs that change a machine, and do nothing here. */
const harmless = [
    "systemctl",
    "ip",
    "iptables-save",
    "iptables-restore",
    "ip6tables-save",
    "ip6tables-restore",
    "groupdel",
];

/**
 * A machine whose `/etc`, `/var/lib`, `/root` and `/home` are folders of the test's, with programs of the test's in the place of its
 * own. One that is `undefined` is not on that machine.
 */
export async function pretendedMachine(programs: Readonly<Record<string, string | undefined>>) {
    const { root, ...disposable } = await serverFolder();
    const [bin, machine, own] = ["server/bin", "machine", "own"].map((folder) => join(root, folder)) as [
        string,
        string,
        string,
    ];
    await placeDoor(root, bin, "server");
    for (const file of globSync(join(bin, "**/*.sh"))) {
        const text = await readFile(file, "utf8");
        await writeFile(file, text.replaceAll(/(?<![\w$}])\/(etc\/|var\/lib\/|home\/|root )/g, `${machine}/$1`), {
            mode: 0o700,
        });
    }
    await mkdir(own);
    const all = { ...Object.fromEntries(harmless.map((name) => [name, ""])), ...programs };
    for (const [name, text] of Object.entries(all)) {
        if (text === undefined) continue;
        const noting = `#!/bin/sh\necho "${name} $*" >>"$CALLS"\n${text}\n`;
        await writeFile(join(own, name), noting, { mode: 0o700 });
    }
    const missing = Object.keys(all).filter((name) => all[name] === undefined);
    const others = missing.length === 0 ? process.env.PATH : await linkPrograms(missing);
    const env = { PATH: `${own}:${others}`, CALLS: join(root, "calls"), MACHINE: machine };
    const run = async (text: string) => await execa("sh", ["-euc", text], { cwd: bin, env, reject: false });
    return {
        root,
        /** Runs a text for `sh` in the folder of the scripts. */
        run,
        /** Changes the machine by such a text, which has to succeed. */
        change: async (text: string) => {
            const { exitCode, stderr } = await run(text);
            if (exitCode !== 0) throw new Error(`this machine could not be made so: ${stderr}`);
        },
        put: async (path: string, text: string) => {
            const file = join(root, path);
            await mkdir(dirname(file), { recursive: true });
            await writeFile(file, text);
        },
        has: (path: string) => existsSync(join(root, path)),
        read: async (path: string) => await readFile(join(root, path), "utf8"),
        /** What was called of the programs. */
        calls: async () => (existsSync(env.CALLS) ? (await readFile(env.CALLS, "utf8")).trimEnd().split("\n") : []),
        ...disposable,
    };
}
