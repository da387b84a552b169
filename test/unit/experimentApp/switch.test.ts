import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { placeScripts, serverFolder } from "../serverScripts.ts";

/** Docker on a server whose clock has been stopped this moment: its list still has it among those that run. */
const docker = `#!/bin/sh
echo "$*" >>"$CALLS"
case $* in
"ps -a --no-trunc"*) echo "old former" && grep -q "up -d --no-deps clock" "$CALLS" && echo "new wanted" || : ;;
"ps "*) echo old ;;
"inspect --format {{.State.Running}} {{if"*) echo "true healthy 0" ;;
"inspect --format {{.State.Running}} old") echo false ;;
esac
`;

/** Docker that is being restarted: it answers the third question, and the container is still starting then. */
const restartedDocker = `#!/bin/sh
echo "$*" >>"$CALLS"
case $(wc -l <"$CALLS") in
1 | 2) exit 1 ;;
3) echo "true starting 0" ;;
*) echo "true healthy 0" ;;
esac
`;

/** Runs a function of switch.sh as a release does, with this program as its docker. @returns what docker was asked for. */
async function play(docker: string, call: string): Promise<string[]> {
    await using server = await serverFolder();
    const folder = join(server.root, "apps/recall");
    const scripts = ["app/app.sh", "app/diagnosis.sh", "app/switch.sh"];
    const shared = ["shared/messages.sh", "shared/server.sh", "shared/receive.sh"];
    await placeScripts(server.root, join(folder, "bin"), ...scripts, ...shared);
    await mkdir(join(folder, "current"));
    await mkdir(join(folder, "log"));
    await writeFile(join(folder, "current/services"), "clock wanted 1\n");
    const programs = join(server.root, "programs");
    await mkdir(programs);
    await writeFile(join(programs, "docker"), docker, { mode: 0o700 });
    const env = { PATH: `${programs}:${process.env.PATH}`, CALLS: join(server.root, "calls") };
    const sourced = ["app.sh", "diagnosis.sh", "switch.sh"].map((script) => `. "$bin/${script}"\n`).join("");
    const text = `bin=$1\n${sourced}patience=5\nsleep() { :; }\n${call}`;
    await execa("sh", ["-euc", text, "sh", join(folder, "bin")], { env });
    return (await readFile(env.CALLS, "utf8")).split("\n");
}

suite("a release that takes over", { skip: process.platform !== "linux" }, () => {
    test("starts its own clock though docker still lists the former one as running", async () => {
        const calls = await play(docker, "hand_over_clock");
        const stopped = calls.indexOf("stop old");
        const started = calls.findIndex((call) => /^compose .* up -d --no-deps clock$/.test(call));
        assert.ok(stopped >= 0 && stopped < started, calls.join("\n"));
    });

    test("does not take containers for healthy while docker does not answer", async () => {
        const calls = await play(restartedDocker, "await_healthy web");
        assert.equal(calls.filter((call) => call.startsWith("inspect ")).length, 4);
    });
});
