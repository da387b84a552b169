import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { AppOnServer } from "../../support/appOnServer.ts";
import { takePart } from "../../support/participant.ts";
import { dallinger } from "../../support/projectCommand.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import {
    archiveIn,
    archiveOf,
    exportNow,
    exportsOf,
    isWhole,
    loadByDallinger,
    readerOfTables,
    startExport,
} from "../steps/export/exported.ts";
import { makeStudy, pairs, SHAPES, STUDY, writing } from "../steps/export/study.ts";
import { newGround } from "../steps/moving/ground.ts";

const kills = 10;

test("a large study is exported while it goes on, and goes on elsewhere", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("export");
    const { operator, stack, from, to } = ground;
    await step("an app runs, and its database has 10 000 participants and 100 000 answers", async () => {
        await stack.up();
        await takePart(from.site, "worker-1", (words) => words.join(" "));
        await makeStudy(from.server);
    });
    const wheel = await readerOfTables();
    const exported = await step("all of it is exported while answers come in", async () => {
        await using _ = await writing(from.server);
        await setTimeout(2000);
        const before = await pairs(from.server);
        const made = await exportNow(operator, ["--anonymize", "both", "--files", "--logs"]);
        const after = await pairs(from.server);
        t.diagnostic(`exported in ${made.seconds.toFixed(1)} s with ${made.memory.toFixed(0)} MiB`);
        const { pairs: exportedPairs } = await loadByDallinger(from.server, archiveIn(made.folder, "regular"), wheel);
        assert.equal(exportedPairs[0], exportedPairs[1], "tables are of one moment");
        assert.ok(
            before > 0 && exportedPairs[0] >= before && exportedPairs[0] <= after,
            `${before} ${exportedPairs[0]} ${after}`,
        );
        assert.ok(after > before, "answers have come in");
        assert.ok(made.memory < 200, `${made.memory} MiB`);
        return made;
    });
    await step("Dallinger loads it, with every participant and answer", async () => {
        for (const variant of ["regular", "anonymous"] as const) {
            const { participants, answers, workers } = await loadByDallinger(
                from.server,
                archiveIn(exported.folder, variant),
                wheel,
            );
            assert.deepEqual([participants, workers], [STUDY.participants + 1, STUDY.participants + 1]);
            // Those of the one who has really taken part: an answer and a questionnaire.
            assert.equal(answers, STUDY.answers + 2);
        }
    });
    await step("the anonymous one holds nothing of who they are", async () => {
        const regular = Object.values(await archiveOf(exported.folder, "regular")).join("\n");
        const anonymous = Object.values(await archiveOf(exported.folder, "anonymous")).join("\n");
        for (const [what, shape] of Object.entries({ ...SHAPES, first: /worker-1/ })) {
            assert.match(regular, shape, what);
            assert.doesNotMatch(anonymous, shape, what);
        }
    });
    await step("an anonymous one has no files and no logs, and none can be restored", async () => {
        const refused = await dallinger(operator, "recall", "export", "--logs", "--files");
        assert.deepEqual([refused.exitCode, /neither files nor logs/.test(refused.stderr)], [1, true]);
        const { folder } = await exportNow(operator, ["--to", "anonymous"]);
        const restored = await dallinger(operator, "recall", "restore", folder);
        assert.match(restored.stderr, /an export without who has taken part/);
    });
    await step(`killed at ${kills} moments, nothing half has a final name, and the app goes on`, async () => {
        const before = await exportsOf(operator);
        for (let seed = 1; seed <= kills; seed++) {
            const running = startExport(operator, ["--anonymize", "both"]);
            await setTimeout(((exported.seconds * 1000) / (kills + 1)) * seed);
            running.kill(seed % 2 === 0 ? "SIGKILL" : "SIGINT");
            await running;
            const made = (await exportsOf(operator)).filter((name) => !before.includes(name));
            // One may have been faster than the moment.
            for (const name of made.filter((each) => !each.startsWith(".incoming-"))) await isWhole(operator, name);
            assert.equal((await from.site.get("/summary")).status, 200);
        }
        await exportNow(operator, ["--anonymize", "both"]);
        assert.deepEqual(
            (await exportsOf(operator)).filter((name) => name.startsWith(".")),
            [],
        );
    });
    await step("an app begins with it on a second server, and somebody new takes part", async () => {
        const regular = new AppOnServer(from.server);
        const rows = async (app: AppOnServer) =>
            await app.query(
                "SELECT (SELECT count(*) FROM participant) AS participants, (SELECT count(*) FROM question) AS questions",
            );
        const expected = await rows(regular);
        await stack.destroy();
        await stack.configure({ "experiment.on.stack": to.stack });
        const sent = await dallinger(operator, "recall", "restore", exported.folder);
        assert.equal(sent.exitCode, 0, sent.stderr);
        await stack.up();
        assert.deepEqual(await rows(new AppOnServer(to.server)), expected);
        const finished = await takePart(to.site, "worker-2", (words) => words.join(" "));
        assert.ok(finished.id > STUDY.participants + 1, "ids go on where they were");
    });
});
