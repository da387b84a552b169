import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalSite } from "../../../support/localSite.ts";
import { within } from "../../../support/within.ts";
import type { Step } from "../deployment/steps.ts";
import type { Laptop } from "./laptop.ts";

/** Somebody writes the experiment while it runs. */
export async function edit(step: Step, laptop: Laptop, composeFile: string, site: LocalSite): Promise<void> {
    const compose = (...args: string[]) => laptop.docker("compose", "-f", composeFile, ...args);
    const inExperiment = (path: string) => join(laptop.folder, "examples/recall", path);
    const logs = async (service: string) => await compose("logs", "--no-log-prefix", service);
    const inContainer = async (...paths: string[]) => {
        const found = await compose(
            "exec",
            "-T",
            "web",
            "sh",
            "-c",
            'for f; do [ ! -e "$f" ] || echo "$f"; done',
            "sh",
            ...paths,
        );
        return found.split("\n").filter(Boolean);
    };
    const says = async (service: string, what: RegExp) => await within(120, async () => what.test(await logs(service)));
    const code = await readFile(inExperiment("experiment.py"), "utf8");
    const answers = async (text: string) =>
        await within(120, async () => (await site.get("/words/0")).body.includes(text));

    await step("an edited template is seen at the next look at the page", async () => {
        const page = inExperiment("templates/instructions.html");
        const before = await readFile(page, "utf8");
        await writeFile(page, before.replace("What you will do</h1>", "What is to be done</h1>"));
        await within(5, async () => (await site.get("/instructions")).body.includes("What is to be done"));
        await writeFile(inExperiment("static/css/more.css"), "p { color: black }");
        await within(5, async () => (await site.get("/static/css/more.css")).status === 200);
        await rm(inExperiment("static/css/more.css"));
        await within(5, async () => (await site.get("/static/css/more.css")).status === 404);
        assert.doesNotMatch(await logs("web"), /begins anew/, "nothing began anew for it");
    });

    await step(
        "edited code is seen: the restart begins within two seconds, and takes no longer than one by hand",
        async () => {
            const began = Date.now();
            await compose("restart", "web", "worker", "clock");
            await within(120, async () => (await site.get("/words/0")).status === 404);
            const byHand = Date.now() - began;

            const edited = Date.now();
            await writeFile(inExperiment("experiment.py"), code.replace("There is no node", "Nobody has node"));
            for (const service of ["web", "worker", "clock"])
                await says(service, /experiment\.py edited: dallinger_heroku_\w+ begins anew/);
            const [line = ""] = (await compose("logs", "--timestamps", "--no-log-prefix", "web"))
                .split("\n")
                .filter((one) => one.includes("experiment.py edited"));
            const noticed = Date.parse(line.split(" ")[0] ?? "") - edited;
            assert.ok(noticed < 2000, `noticed after ${noticed} ms`);
            await answers("Nobody has node");
            const seen = Date.now() - edited;
            console.log(`restart by hand: ${byHand} ms; edit noticed after ${noticed} ms, seen after ${seen} ms`);
            assert.ok(seen < 1.5 * byHand, `by hand ${byHand} ms, by an edit ${seen} ms`);
        },
    );

    await step("a broken edit shows its traceback in the logs and heals with the next", async () => {
        await writeFile(inExperiment("experiment.py"), `${code}\nWORDS = (\n`);
        await says("web", /SyntaxError: '\(' was never closed/);
        await says("web", /dallinger_heroku_web has ended with status \d+: it begins anew with the next edit/);
        await writeFile(inExperiment("experiment.py"), code);
        await answers("There is no node");
    });

    await step(
        "keys, .env, ignored files and what Dallinger leaves out stay out; the rest follows, deletions too",
        async () => {
            const key = `-----BEGIN PRIVATE KEY-----\n${"A".repeat(64)}\n-----END PRIVATE KEY-----\n`;
            const out = {
                ".env": "TOKEN=1",
                id_rsa: key,
                "notes.txt": key,
                "x.db": "",
                "server.log": "",
                "lab.cfg": "password = x",
            };
            for (const [path, text] of Object.entries(out)) await writeFile(inExperiment(path), text);
            await writeFile(inExperiment("more.py"), "MORE = 1\n");
            const inside = (path: string) => `/experiment/${path}`;
            await within(10, async () => (await inContainer(inside("more.py"))).length === 1);
            assert.deepEqual(await inContainer(...Object.keys(out).map(inside)), []);
            await says("web", /notes\.txt is not copied into the experiment: it holds a private key/);
            for (const path of [...Object.keys(out), "more.py"]) await rm(inExperiment(path));
            await within(10, async () => (await inContainer(inside("more.py"))).length === 0);
            const kept = ["logs.jsonl", "static/robots.txt", "templates/dashboard_home.html"].map(inside);
            assert.deepEqual(await inContainer(...kept), kept, "what is Dallinger's stays");
        },
    );

    await step("a changed requirement says that an image has to be built", async () => {
        const file = inExperiment("requirements.txt");
        const before = await readFile(file, "utf8");
        await writeFile(file, `${before}numpy\n`);
        await says("web", /requirements\.txt has changed: an image has to be built, which `\.\/pulumi up` does/);
        await writeFile(file, before);
    });

    await step("where a page of the experiment's own goes, Dallinger's comes back", async () => {
        const page = inExperiment("templates/questionnaire.html");
        const own = await readFile(page, "utf8");
        const content = async () =>
            await compose("exec", "-T", "web", "cat", "/experiment/templates/questionnaire.html");
        assert.equal(await content(), own.trimEnd());
        await rm(page);
        await within(10, async () => (await content()) !== own.trimEnd());
        assert.match(await content(), /\{% /);
        await writeFile(page, own);
        await within(10, async () => (await content()) === own.trimEnd());
    });
}
