import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { AppScripts } from "./appScript.ts";

/** A server beside whose web a release is to start: each time it is looked at, some seconds later. */
const around = `
. "$bin/quiet.sh"
serving_web() { echo serving; }
of_release() { :; }
containers() { echo serving; }
memory_taken() { echo 300; }
memory_free() { echo 8000; }
waiting_for_processors() { echo 9000; }
time_of_page() { echo asked >>"$folder/asked"; echo 540; }
passed=1000
now() { echo "$passed"; }
sleep() { passed=$((passed + $1 * 100)); }
`;

/** Waits for room as a release does. @returns what it said, and whether it went on. */
function wait(context: TestContext, seconds: number, otherwise = "") {
    const scripts = new AppScripts(context, "exit 1");
    const { status, stdout, stderr } = scripts.run(`${around}${otherwise}\nawait_room ${seconds}; echo went on`);
    const asked = scripts.has("asked") ? scripts.text("asked").trimEnd().split("\n").length : 0;
    return { status, wentOn: stdout === "went on\n", said: stderr.trimEnd().split("\n"), asked };
}

const busy = "the server is full: a page takes 5.40 s, and for 90 % of the time something waits for a processor";

suite("a release on a server that is full", { skip: process.platform !== "linux" }, () => {
    test("goes on without a word where there is room, and asks the app nothing where processors are idle", (t) => {
        const idle = wait(t, 120, "waiting_for_processors() { echo 4999; }");
        assert.deepEqual([idle.wentOn, idle.said, idle.asked], [true, [""], 0]);
        const quick = wait(t, 120, "time_of_page() { echo 499; }");
        assert.deepEqual([quick.wentOn, quick.said], [true, [""]]);
    });

    test("waits for a quieter moment, tells what for, and goes on then", (t) => {
        const later = wait(t, 120, 'waiting_for_processors() { [ "$passed" -gt 1900 ] && echo 100 || echo 9000; }');
        assert.equal(later.wentOn, true);
        assert.deepEqual(
            later.said,
            [120, 115].map((left) => `${busy}. The release waits for a quieter moment, ${left} s at most`),
        );
    });

    test("is refused once it has waited for long enough, and the way out is told", (t) => {
        const refused = wait(t, 10);
        assert.deepEqual([refused.status, refused.wentOn], [1, false]);
        assert.match(
            refused.said.at(-1) ?? "",
            new RegExp(`^${busy}\\. Nothing has been changed, .* run \`\\./pulumi up\` again`),
        );
        assert.match(refused.said.at(-1) ?? "", /config set --path dallinger:experiment\.releases\.quietWithin 0/);
    });

    test("goes on at once where it is configured to, and tells", (t) => {
        const told = wait(t, 0);
        assert.equal(told.wentOn, true);
        assert.deepEqual(told.said, [`${busy}. Participants may notice that a release starts now`]);
    });

    test("tells that memory is missing, whatever the processors do", (t) => {
        const told = wait(t, 0, "memory_free() { echo 363; }; waiting_for_processors() { echo 0; }");
        assert.match(
            told.said[0] ?? "",
            /^the server is full: 363 MiB of memory are free, and what starts takes about 300\. /,
        );
        const enough = wait(t, 0, "memory_free() { echo 364; }; waiting_for_processors() { echo 0; }");
        assert.deepEqual(enough.said, [""]);
    });

    test("waits for nothing where no web serves, or the one that starts runs already", (t) => {
        for (const otherwise of ["serving_web() { :; }", "of_release() { echo new; }"]) {
            const on = wait(t, 120, otherwise);
            assert.deepEqual([on.wentOn, on.said, on.asked], [true, [""], 0]);
        }
    });

    test("takes what cannot be read, or what an app says of itself, for no number", (t) => {
        for (const silent of ["memory_taken() { :; }", "memory_free() { :; }", "waiting_for_processors() { :; }"]) {
            const on = wait(t, 0, `memory_free() { echo 1; }; waiting_for_processors() { echo 0; }; ${silent}`);
            assert.equal(on.wentOn, true, silent);
        }
        for (const answer of ["exit 1", "echo", "echo '9 * 9'", "echo '$(reboot)'"]) {
            const on = wait(t, 120, `time_of_page() { ${answer}; }`);
            assert.deepEqual([on.wentOn, on.said], [true, [""]], answer);
        }
    });

    test("takes no more of what an app says of itself than a number has digits", (t) => {
        const scripts = new AppScripts(t, 'case "$1" in exec) yes 9 | tr -d "\\n" ;; esac');
        const { stdout } = scripts.run('. "$bin/quiet.sh"; serving_web() { echo web; }; time_of_page');
        assert.equal(stdout, "9".repeat(12));
        const { status } = scripts.run(
            `${around}time_of_page() { echo 999999999999; }; memory_free() { :; }; await_room 0`,
        );
        assert.equal(status, 0);
    });

    test("reads the kernel's numbers", (t) => {
        const scripts = new AppScripts(t, "exit 1");
        const { stdout, stderr } = scripts.run('. "$bin/quiet.sh"; memory_free; waiting_for_processors');
        assert.match(stdout, /^\d+\n(\d+\n)?$/, stderr);
        assert.ok(Number.parseInt(stdout, 10) > 16);
    });
});

suite("how long the web that serves takes", () => {
    /** What answers.py prints of a web whose answers take so many milliseconds each. */
    async function answers(milliseconds: readonly number[]): Promise<string> {
        let number = 0;
        const web = createServer(async (_, response) => {
            await setTimeout(milliseconds[number++]);
            response.writeHead(200).end("User-agent: *");
        });
        web.listen(0, "127.0.0.1");
        await once(web, "listening");
        const { port } = web.address() as AddressInfo;
        const program = readFileSync(join(projectFolder, "templates/app/answers.py"), "utf8");
        const input = program.replace("5000", String(port)).replace("limit=10", "limit=1");
        const { stdout } = await execa("python3", ["-"], { input });
        web.closeAllConnections();
        web.close();
        return stdout;
    }

    test("is the middle one of three", async () => {
        const hundredths = Number(await answers([0, 300, 600]));
        assert.ok(hundredths >= 30 && hundredths < 60, `${hundredths}`);
    });

    test("is what it is waited for where no answer comes", async () => {
        assert.ok(Number(await answers([5000, 5000, 0])) >= 100);
    });
});
