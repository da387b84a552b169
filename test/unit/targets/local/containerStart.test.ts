import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { waitUntilHealthy, whileStarting } from "../../../../components/targets/local/containerStart.ts";

const PATH = process.env.PATH;
after(() => {
    process.env.PATH = PATH;
});

/** A container as Docker tells of it. */
const container = (Status: string, health?: string, RestartCount = 0) => ({
    ...{ Id: "w1", Name: "/recall-web-1", RestartCount },
    Config: { Labels: {}, Healthcheck: { Test: ["CMD", "probe", "it"] } },
    State: { Status, ...(health !== undefined && { Health: { Status: health } }) },
});

/** An engine that tells of containers so, one answer after the other, the last again and again; and the folder of an experiment. */
async function engineThatTells(...answers: readonly (readonly unknown[])[]) {
    const { path, [Symbol.asyncDispose]: dispose } = await mkdtempDisposable(join(tmpdir(), "start-"));
    await mkdir(join(path, "secrets"));
    await writeFile(join(path, "secrets/app.json"), '{"token":"t0ken","empty":""}');
    await writeFile(join(path, "secrets/database-password"), "t0ken-and-more");
    for (const [index, answer] of answers.entries()) await writeFile(join(path, `${index}`), JSON.stringify(answer));
    const script = [
        "#!/bin/sh",
        'if [ "$1" = logs ]; then printf "\\033[2JTraceback: t0ken-and-more, t0ken\\n" >&2; exit; fi',
        `if [ "$1" = exec ] && [ -e "${path}/hangs" ]; then exec sleep 60; fi`,
        `if [ "$1" = exec ]; then [ "$*" = "exec w1 probe it" ] && [ -e "${path}/answers" ]; exit; fi`,
        `cd "${path}"; cat 0; [ ! -e 1 ] || mv 1 0; [ ! -e 2 ] || mv 2 1`,
    ];
    await mkdir(join(path, "bin"));
    await writeFile(join(path, "bin/docker"), script.join("\n"), { mode: 0o700 });
    process.env.PATH = `${path}/bin:${PATH}`;
    return { place: { engine: "unix:///nowhere", folder: path }, [Symbol.asyncDispose]: dispose };
}

const forever = async () => await new Promise<never>(() => {});

suite("containers that start", () => {
    test("are waited for until all are healthy that can be asked", async () => {
        const starting = [container("running", "starting"), container("running")];
        const healthy = [container("running", "healthy"), container("running")];
        await using own = await engineThatTells(starting, starting, healthy);
        await waitUntilHealthy(own.place, ["w1", "c1"]);
        assert.ok(!existsSync(join(own.place.folder, "1")), "the last answer was waited for");
    });

    test("are there as soon as one answers to what Docker will ask it in a while", async () => {
        await using own = await engineThatTells([container("running", "starting")]);
        await writeFile(join(own.place.folder, "answers"), "");
        await waitUntilHealthy(own.place, ["w1"]);
    });

    test("do not keep an `up` waiting by a question that never ends", async () => {
        const starting = [container("running", "starting")];
        await using own = await engineThatTells(starting, starting, [container("running", "healthy")]);
        await writeFile(join(own.place.folder, "hangs"), "");
        const began = Date.now();
        await waitUntilHealthy(own.place, ["w1"]);
        assert.ok(Date.now() - began < 30_000);
    });

    test("are given up where one ends again and again, with its last lines and without secrets", async () => {
        const ending = [7, 10].map((restarts) => [container("restarting", "starting", restarts)]);
        await using own = await engineThatTells(...ending);
        await assert.rejects(whileStarting(own.place, ["w1"], "it", forever), {
            message: "recall-web-1 ends again and again; its last lines:\n[2JTraceback: …, …",
        });
    });

    test("are given up where one is stopped meanwhile; one that somebody has stopped before stays so", async () => {
        await using own = await engineThatTells([container("running", "starting")], [container("exited")]);
        const waiting = whileStarting(own.place, ["w1"], "it", forever);
        await assert.rejects(waiting, /recall-web-1 is stopped: `up --refresh` starts it; its last lines/);
        await using before = await engineThatTells([container("exited")]);
        await waitUntilHealthy(before.place, ["w1"]);
    });

    test("are given up after a while, and what waits for them is told to stop", async () => {
        await using own = await engineThatTells([container("running", "starting", 7)]);
        let told = false;
        const work = async (signal: AbortSignal) => {
            signal.addEventListener("abort", () => {
                told = true;
            });
            return await new Promise<never>(() => {});
        };
        await assert.rejects(
            whileStarting(own.place, ["w1"], "it", work, 1),
            /recall-web-1 is not healthy after [12] s/,
        );
        assert.ok(told);
    });

    test("give what was done once they are there, or its own error", async () => {
        await using own = await engineThatTells([container("running", "starting")]);
        assert.equal(await whileStarting(own.place, ["w1"], "it", async () => "done"), "done");
        const failing = whileStarting(own.place, ["w1"], "it", async () => {
            throw new Error("its own");
        });
        await assert.rejects(failing, { message: "its own" });
    });
});
