import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { quote } from "../../../../components/configuration/checking/shellWord.ts";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { countConnections } from "../../../support/connections.ts";
import type { Site } from "../../../support/site.ts";
import { within } from "../../../support/within.ts";
import { appStack, type Ground } from "./ground.ts";

/** A command of the operator's about the app, as a line for a shell. */
function lineOf({ operator }: Ground, command: string, ...args: readonly string[]): string {
    return [join(operator.folder, "ops/dallinger"), command, "--stack", appStack, ...args].map(quote).join(" ");
}

function run(ground: Ground, line: string, input: string | Uint8Array = "") {
    const { folder, stack } = ground.operator;
    const options = { cwd: folder, env: { ...stack(appStack).environment }, reject: false, input } as const;
    return execa("sh", ["-c", line], { ...options, encoding: "buffer", stripFinalNewline: false });
}

/** A program runs in the web with what it is given, byte by byte, and ends when nobody attends to it any more. */
export async function runsPrograms(ground: Ground): Promise<void> {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    const program =
        "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()); sys.stderr.write(repr(sys.argv[1:])); sys.exit(3)";
    const words = ["two words", `it's "so"`, "a\nline", "--", ""];
    let passed: Awaited<ReturnType<typeof run>> | undefined;
    const connections = await countConnections(ground.server, async () => {
        passed = await run(ground, lineOf(ground, "exec", "web", "--", "python3", "-c", program, ...words), bytes);
    });
    assert.equal(connections, 1);
    assert.equal(passed?.exitCode, 3, String(passed?.stderr));
    assert.ok(Buffer.from(passed?.stdout ?? "").equals(bytes));
    assert.equal(
        Buffer.from(passed?.stderr ?? "").toString(),
        String.raw`['two words', 'it\'s "so"', 'a\nline', '--', '']`,
    );

    // Nobody reads on: Docker by itself would leave it at work for ever.
    await run(
        ground,
        `${lineOf(ground, "exec", "worker", "--", "sh", "-c", "while echo left-behind; do :; done")} | head -n 1`,
    );
    const left = "pgrep -fc '[w]hile echo left-behind' || :";
    await within(20, async () => (await ground.server.shell(left)).trim() === "0");
}

/** Python's own library is there compiled, and what is installed with the experiment as well, whose sources no start reads. */
export async function startsCompiled({ server }: Ground): Promise<void> {
    const kinds = [
        "import importlib.util as u",
        "for name in ('json', 'dallinger', 'flask'):",
        "    with open(u.cache_from_source(u.find_spec(name).origin), 'rb') as compiled:",
        "        print(name, int.from_bytes(compiled.read(8)[4:], 'little'))",
    ].join("\n");
    const web = "docker ps -q --filter label=com.docker.compose.service=web";
    const told = await server.shell(`docker exec "$(${web})" python3 -c ${quote(kinds)}`);
    // PEP 552: 0 for one that goes by the source's time, 1 for one that goes by nothing.
    assert.equal(told, "json 0\ndallinger 1\nflask 1");
}

/** A shell at a terminal has the size of that, and psql reads as the app's own role. */
export async function opensShellAndDatabase(ground: Ground): Promise<void> {
    const shell = `stty rows 31 cols 97; ${lineOf(ground, "shell")}`;
    const typed = "stty size; echo is-$((40 + 2)); exit 5\n";
    const atTerminal = await run(ground, `script -qec ${quote(shell)} /dev/null`, typed);
    assert.equal(atTerminal.exitCode, 5, String(atTerminal.stdout));
    assert.match(Buffer.from(atTerminal.stdout).toString(), /31 97[\s\S]*is-42/);

    const psql = async (statement: string, ...options: string[]) => {
        const { exitCode, stdout, stderr } = await run(
            ground,
            lineOf(ground, "psql", ...options, "--", "-At"),
            statement,
        );
        return { exitCode, stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString() };
    };
    const [{ count } = { count: 0 }] = await new AppOnServer(ground.server).query("SELECT count(*) FROM participant");
    const who = "SELECT current_user, session_user, current_database(), count(*) FROM participant;";
    const superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user;";
    const asked = await psql(`${who} ${superuser}`);
    assert.equal(asked.stdout, `app_recall|app_recall|app_recall|${count}\nf\n`, asked.stderr);
    const refused = await psql("DELETE FROM participant;");
    assert.equal(refused.exitCode, 3);
    assert.match(refused.stderr, /cannot execute DELETE in a read-only transaction/);
    assert.equal((await psql("CREATE TEMP TABLE t AS SELECT 1 AS n; SELECT n FROM t;", "--write")).stdout.at(-2), "1");
}

/** Another web and another worker take over, no request fails meanwhile, and nothing is different for `up`. */
export async function restarts(site: Site, ground: Ground): Promise<void> {
    const app = new AppOnServer(ground.server);
    const before = await app.containers();
    let done = false;
    const restart = run(ground, lineOf(ground, "restart", "--yes")).finally(() => {
        done = true;
    });
    const statuses = new Map<number, number>();
    while (!done) {
        const { status } = await site.get("/summary");
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // Without a pause it would take the processors from what it watches.
        await setTimeout(50);
    }
    const { exitCode, stdout, stderr } = await restart;
    assert.equal(exitCode, 0, String(stderr));
    assert.equal(Buffer.from(stdout).toString(), "restarted web worker clock\n");
    assert.deepEqual([...statuses.keys()], [200]);
    const after = await app.containers();
    assert.deepEqual(Object.keys(after).toSorted(), Object.keys(before).toSorted());
    const kept = Object.keys(after).filter((service) => after[service] === before[service]);
    assert.deepEqual(kept.toSorted(), ["clock", "pgbouncer", "redis"]);
}
