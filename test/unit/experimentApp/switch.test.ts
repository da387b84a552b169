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

const handOver = `
bin=$1
. "$bin/app.sh"
. "$bin/diagnosis.sh"
. "$bin/switch.sh"
patience=1
sleep() { :; }
hand_over_clock
`;

suite("a release that takes over", { skip: process.platform !== "linux" }, () => {
    test("starts its own clock though docker still lists the former one as running", async () => {
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
        await execa("sh", ["-euc", handOver, "sh", join(folder, "bin")], { env });
        const calls = (await readFile(env.CALLS, "utf8")).split("\n");
        const stopped = calls.indexOf("stop old");
        const started = calls.findIndex((call) => /^compose .* up -d --no-deps clock$/.test(call));
        assert.ok(stopped >= 0 && stopped < started, calls.join("\n"));
    });
});
