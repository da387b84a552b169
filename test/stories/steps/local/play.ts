/** The story of test/stories/fast/local.test.ts, played at the laptop. */

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { LocalSite } from "../../../support/localSite.ts";
import { takePart } from "../../../support/participant.ts";
import { checkout } from "../../../support/testLab.ts";
import { within } from "../../../support/within.ts";
import { stepsOf } from "../deployment/steps.ts";
import { runBeside } from "./beside.ts";
import { takePartInBrowser } from "./browser.ts";
import { edit } from "./editing.ts";
import { hideSecrets } from "./hidden.ts";
import { atLaptop, type Laptop } from "./laptop.ts";
import { meetObstacles } from "./obstacles.ts";
import { follow } from "./watching.ts";

/** How many participants there are in one of the backups, counted from the first. */
async function participants({ folder }: Laptop, number: number): Promise<number> {
    const backups = join(folder, "backups");
    const project = (await readdir(backups)).find((name) => name.startsWith("recall-")) ?? "";
    const saved = join(backups, project, (await readdir(join(backups, project))).toSorted()[number] ?? "");
    assert.match(await readFile(join(saved, "SHA256SUMS"), "utf8"), /\.\/database\.dump/);
    return (await readFile(join(saved, "tables/participant.csv"), "utf8")).trim().split("\n").length - 1;
}

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

    await step("a second `up` changes nothing", async () => {
        await stack.up();
        assert.deepEqual(stack.changed, []);
    });

    await edit(step, laptop, composeFile, site);
    await follow(step, laptop, composeFile);

    await runBeside(step, laptop, site);
    await hideSecrets(step, laptop, composeFile);
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

    await step(
        "after Docker has begun anew, as with the machine, it runs again, and `up` has nothing to do",
        async () => {
            const lab = process.env.DALLINGER_E2E_LAB ?? "";
            await execa("lab/lab", ["exec", lab, "laptop", "systemctl", "restart", "docker"], { cwd: checkout });
            await within(90, async () => (await site.get("/summary")).status === 200);
            await stack.up();
            assert.deepEqual(stack.changed, []);
        },
    );

    await step(
        "a preview of a changed setting names the containers and the variable, and `up` replaces those",
        async () => {
            await stack.configure({ "settings.title": "Words to remember" });
            const { stdout } = await stack.preview({ diff: true });
            assert.match(stdout, /title=Words to remember/);
            await stack.up();
            const replaced = stack.changed.filter((name) => /-\d$/.test(name));
            assert.deepEqual([...new Set(replaced)].toSorted(), [
                "experiment-clock-1",
                "experiment-web-1",
                "experiment-worker-1",
            ]);
            assert.match((await site.get("/summary")).body, /approved/, "the data stays");
        },
    );

    await step("a container that was stopped by hand is named by a preview, and mended", async () => {
        await docker("compose", "-f", composeFile, "stop", "worker");
        const { stdout } = await stack.preview({ refresh: true, diff: true });
        assert.match(stdout, /experiment-worker-1/);
        await stack.stack.up({ refresh: true });
        assert.match(await docker("compose", "-f", composeFile, "ps", "worker"), /Up/);
    });

    await step("what `docker compose up` has made anew is no trap", async () => {
        await docker("compose", "-f", composeFile, "up", "-d", "--force-recreate");
        await stack.stack.up({ refresh: true });
        await takePart(site, "W2", (shown) => shown.join(" "));
    });

    await step(
        "an `up` whose state does not know a container that is there, as after a kill, is not stuck on its name",
        async () => {
            const { deployment } = await stack.stack.exportStack();
            const urns = (deployment.resources as { urn: string }[]).map(({ urn }) => urn);
            const worker = urns.find((urn) => urn.endsWith("::experiment-worker-1")) ?? "";
            await stack.command(["state", "delete", "--yes", "--target-dependents", worker]);
            await docker("compose", "-f", composeFile, "up", "-d", "--force-recreate", "--no-deps", "worker");
            await stack.up();
            assert.match(await docker("compose", "-f", composeFile, "ps", "worker"), /Up/);
        },
    );

    await step("data is not removed unsaved: neither by another name nor where the containers are gone", async () => {
        await stack.configure({ "experiment.name": "renamed" });
        await stack.up();
        assert.match((await site.get("/summary")).body, /approved/);
        await docker("compose", "-f", composeFile, "down");
        assert.match(await stack.refusal(() => stack.destroy()), /the database is there and its container is not/);
        await stack.stack.up({ refresh: true });
        assert.match((await site.get("/summary")).body, /approved/);
    });

    await step(
        "with `fresh` it begins once more, its data saved, and bots take part in a browser beside it",
        async () => {
            const bots = { "settings.recruiter": "bots", "settings.recall_participants": "2" };
            await stack.configure({ ...bots, "experiment.local.fresh": "with bots" });
            assert.match(await stack.refusal(() => stack.up()), /settings\.recruiter: bots need a browser/);
            await stack.configure({ "experiment.local.images.browser": laptop.browser });
            await stack.up();
            assert.match(await stack.output("recruitment"), /Bot recruitment started using Bot/);
            await within(120, async () => /"approved",\s*2/.test((await site.get("/summary")).body));
            assert.equal(await participants(laptop, 0), 3);
        },
    );

    await step("`destroy` saves the data and leaves nothing", async () => {
        await stack.destroy();
        assert.equal(await participants(laptop, 1), 2);
        assert.deepEqual(await laptop.listing(), before);
    });
});
