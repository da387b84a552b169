import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { EXIT } from "../../../ops/exitStatus.ts";
import { readLaunch } from "../../../ops/launchState.ts";
import { localLaunch, resolveLocalLaunch } from "../../../ops/localLaunch.ts";
import { CommandLine } from "./commandLine.ts";

const begun = "begun 2026-01-02T03:04:05Z";
const launched = `state known\n${begun}\nanswer {"status":"success","recruitment_msg":"come in\\n\\u001b[2Jhttps://x"}`;
const unknown = `state unknown\n${begun}\nsaid {"status": "error"}`;

/** A door that says what is known, then waits to be told, and then says what has come of it. */
const door = (before: string, after = before) =>
    `case $* in
"launch show") printf '%s\\n' '${before}' ;;
"launch ask "*) printf '%s\\nend\\n' '${before}'; read -r said; echo "$2 $3 $said" >>"$NOTES/said"; printf '%s\\nend\\n' '${after}' ;;
esac`;

async function beside(t: TestContext, text: string): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addApp("lab", text);
    return line;
}

suite("./ops/dallinger launch", () => {
    test("tells when it was and what the recruiter has said, which commands no terminal", async (t) => {
        const line = await beside(t, door(launched));
        const { exitCode, stdout } = await line.run(["launch", "--stack", "lab"]);
        assert.deepEqual([exitCode, stdout], [EXIT.done, "launched at 2026-01-02T03:04:05Z\ncome in\nhttps://x"]);
        const { stdout: json } = await line.run(["launch", "--json", "--stack", "lab"]);
        const [found] = JSON.parse(json);
        assert.deepEqual([found.state, found.begun], ["known", "2026-01-02T03:04:05Z"]);
    });

    test("tells of one whose outcome nobody knows what to look at, with a status of its own", async (t) => {
        const line = await beside(t, door(unknown));
        const { exitCode, stdout } = await line.run(["launch", "--stack", "lab"]);
        assert.equal(exitCode, EXIT.differs);
        assert.match(stdout, /"status": "error"[\s\S]*launch accept`; if not: `\.\/ops\/dallinger launch forget`/);
    });

    test("resolves one when it is told to, by one connection", async (t) => {
        const line = await beside(t, door(unknown, launched));
        const { exitCode, stdout, stderr, ssh } = await line.run(["launch", "accept", "--yes", "--stack", "lab"]);
        assert.deepEqual([exitCode, stdout], [EXIT.done, "it counts as launched"], stderr);
        assert.equal(await line.note("said"), "ask accept yes\n");
        assert.equal(ssh.match(/debian@/g)?.length, 1);
        const forgetting = await beside(t, door(unknown, "state none"));
        const forgotten = await forgetting.run(["launch", "forget", "--yes", "--stack", "lab"]);
        assert.match(forgotten.stdout, /the next `\.\/pulumi up` launches it/);
    });

    test("asks at a terminal, and changes nothing without a yes", async (t) => {
        const line = await beside(t, door(unknown, launched));
        const no = await line.runAtTerminal(["launch", "accept", "--stack", "lab"], "n\n");
        assert.equal(no.exitCode, EXIT.refused);
        assert.match(no.stdout, /Is it launched, .*\[y\/N\][\s\S]*nothing was changed/);
        assert.doesNotMatch(await line.note("said"), /yes/);
        const yes = await line.runAtTerminal(["launch", "accept", "--stack", "lab"], "y\n");
        assert.equal(yes.exitCode, EXIT.done, yes.stdout);
        assert.match(await line.note("said"), /ask accept yes/);
    });

    test("is not resolved where nobody can be asked, nor where its outcome is known", async (t) => {
        const line = await beside(t, door(launched));
        const unasked = await line.run(["launch", "forget", "--stack", "lab"]);
        assert.deepEqual([unasked.exitCode, unasked.ssh], [EXIT.refused, ""]);
        assert.match(unasked.stderr, /--yes/);
        const { exitCode, stderr } = await line.run(["launch", "forget", "--yes", "--stack", "lab"]);
        assert.equal(exitCode, EXIT.refused);
        assert.match(stderr, /^launched at [\s\S]*nothing was changed$/);
        assert.doesNotMatch(await line.note("said"), /yes/);
    });

    test("says why the server does not tell", async (t) => {
        const line = await beside(t, `echo '"launch" is nothing that can be done' >&2; exit 1`);
        const { exitCode, stderr } = await line.run(["launch", "accept", "--yes", "--stack", "lab"]);
        assert.equal(exitCode, EXIT.refused);
        assert.equal(stderr, `203.0.113.7: "launch" is nothing that can be done`);
    });

    test("takes nothing that is said for what is known", () => {
        assert.deepEqual(readLaunch("state none"), { state: "none", begun: undefined, answer: undefined });
        assert.equal(readLaunch(`state known\nanswer no JSON`).answer, "no JSON");
        assert.throws(() => readLaunch("state launched"));
    });

    test("is that of an app on this machine, too", async (t) => {
        const { folder } = await CommandLine.create(t);
        const state = join(folder, "state");
        await mkdir(state);
        assert.deepEqual(await localLaunch(folder), { state: "none" });
        await writeFile(join(state, "launch-started"), "2026-01-02T03:04:05.678Z");
        assert.equal((await localLaunch(folder)).state, "unknown");
        const agree = async () => {};
        assert.equal((await resolveLocalLaunch(folder, "accept", agree)).state, "known");
        assert.match(await readFile(join(state, "launch.json"), "utf8"), /confirmed by hand/);
        assert.equal((await resolveLocalLaunch(folder, "forget", agree)).state, "known");
    });
});
