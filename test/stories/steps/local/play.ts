/** The story of test/stories/fast/local.test.ts, played at the laptop. */

import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { checkout } from "../../../support/testLab.ts";
import { within } from "../../../support/within.ts";
import { stepsOf } from "../deployment/steps.ts";
import { takePartInBrowser } from "./browser.ts";
import { edit } from "./editing.ts";
import { hideSecrets } from "./hidden.ts";
import { atLaptop } from "./laptop.ts";
import { meetObstacles } from "./obstacles.ts";
import { savedParticipants } from "./savedParticipants.ts";
import { follow } from "./watching.ts";

test("an experiment on the machine of who works on it", async (t) => {
    const step = stepsOf(t);
    await using laptop = await atLaptop("laptop");
    const { stack, docker } = laptop;
    const before = await laptop.listing();

    await step("`up` builds, starts and launches it", async () => {
        await stack.up();
        assert.match(await stack.output("recruitment"), /http:\/\/localhost:\d+\/ad\?/);
    });
    const { url, composeFile } = Object(await stack.outputs());
    const site = new LocalSite(url);

    await step("a participant takes part to the end", async () => {
        const { words, score } = await takePart(site, "W1", (shown) => shown.join(" "));
        assert.equal(score, String(words.length));
        assert.match((await site.get("/summary")).body, /approved/);
    });

    await step("so does one in a browser, by the recruitment link's way", async () => {
        const words = await takePartInBrowser(laptop, laptop.browser, `${url}/ad?generate_tokens=1&recruiter=hotair`);
        assert.equal(words.length, 12);
        assert.match((await site.get("/summary")).body, /"approved",\s*2/);
    });

    await step("how it is, is told without a server", async () => {
        const options = { cwd: laptop.folder, env: stack.environment, reject: false } as const;
        const command = ["status", "--json", "--stack", stack.stack.name];
        const { stdout, exitCode } = await execa(join(laptop.folder, "ops/dallinger"), command, options);
        const { state, participants, launched, problems } = JSON.parse(stdout);
        assert.deepEqual(
            [exitCode, state, participants, launched, problems],
            [0, "running", { approved: 2 }, true, []],
        );
    });

    await step("a second `up` changes nothing", async () => {
        await stack.up();
        assert.deepEqual(stack.changed, []);
    });

    await edit(step, laptop, composeFile, site);
    await follow(step, laptop, composeFile);

    await hideSecrets(step, laptop, composeFile, site);
    await meetObstacles(step, laptop, basename(dirname(composeFile)));

    await step("nobody but this machine reaches it, and its secrets are in files that nobody else reads", async () => {
        const published = await docker("ps", "--format", "{{.Ports}}");
        assert.doesNotMatch(published, /0\.0\.0\.0|\[::\]/);
        for (const file of ["app.json", "database-password"]) {
            const { mode } = await stat(join(laptop.folder, composeFile, "../secrets", file));
            assert.equal(mode & 0o777, 0o600);
        }
        const { DATABASE_URL: address } = JSON.parse(
            await readFile(join(laptop.folder, composeFile, "../secrets/app.json"), "utf8"),
        );
        const [, password = ""] = /:\/\/\w+:(\w+)@/.exec(address) ?? [];
        assert.equal(password.length, 32);
        const ids = (await docker("ps", "-aq")).split("\n");
        assert.ok(!(await docker("inspect", ...ids)).includes(password));
    });

    await step("docker compose works with its containers", async () => {
        const compose = (...args: string[]) => docker("compose", "-f", composeFile, ...args);
        assert.equal(
            (await compose("ps", "--format", "{{.Service}}")).split("\n").toSorted().join(),
            "clock,postgres,redis,web,worker",
        );
        assert.match(await compose("logs", "web"), /gunicorn|GET/);
        assert.match(await compose("exec", "-T", "worker", "pwd"), /\/experiment/);
        await compose("restart", "worker");
        await compose("stop", "worker");
        await compose("start", "worker");
    });

    await step("tables stay where what would make them is not told to, as when its `up` was killed", async () => {
        const start = ["python3", "/run/dallinger/start/start.py", "--tables"];
        const run = ["compose", "-f", composeFile, "run", "--rm", "--no-deps", "-T", "worker", ...start];
        const { exitCode } = await execa("docker", run, { cwd: laptop.folder, input: "", reject: false });
        assert.equal(exitCode, 3);
        assert.match((await site.get("/summary")).body, /"approved",\s*2/);
    });

    await step("while they are made, `tables` is the experiment's own package", async () => {
        const folder = "/run/dallinger/start";
        const program = `import sys; sys.path.insert(0, "${folder}"); import tables; tables.leave_names("${folder}")
found = {"tables", "stores"} & set(sys.modules) | {"${folder}"} & set(sys.path)
raise SystemExit(", ".join(found) or None)`;
        await docker("compose", "-f", composeFile, "exec", "-T", "worker", "python3", "-c", program);
    });

    await step(
        "after Docker has begun anew, as with the machine, it runs again, and `up` has nothing to do",
        async () => {
            const lab = process.env.DALLINGER_E2E_LAB ?? "";
            await execa("lab/lab", ["exec", lab, "laptop", "systemctl", "restart", "docker"], { cwd: checkout });
            await within(90, async () => (await site.get("/summary")).status === 200);
            await stack.up();
            // The component itself says what it would have had, had it not been refused before.
            assert.deepEqual(
                stack.changed.filter((name) => name !== "experiment"),
                [],
            );
        },
    );

    await step("a container that was stopped by hand is named by a preview, and mended", async () => {
        await docker("compose", "-f", composeFile, "stop", "worker");
        const { stdout } = await stack.preview({ refresh: true, diff: true });
        assert.match(stdout, /experiment-worker-1/);
        await stack.stack.up({ refresh: true });
        assert.match(await docker("compose", "-f", composeFile, "ps", "worker"), /Up/);
    });

    await step("`destroy` saves the data and leaves nothing", async () => {
        await stack.destroy();
        assert.equal(await savedParticipants(laptop, 0), 2);
        assert.deepEqual(await laptop.listing(), before);
    });
});
