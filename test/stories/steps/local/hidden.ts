import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LocalSite } from "../../../support/localSite.ts";
import type { Step } from "../deployment/steps.ts";
import { awkwardSecret, generatedSecrets } from "../secrets/deploymentSecrets.ts";
import { type Finding, SecretSearch } from "../secrets/secretSearch.ts";
import type { Laptop } from "./laptop.ts";

/** No secret is where it has no business to be: by the same search as on a server. */
export async function hideSecrets(step: Step, laptop: Laptop, composeFile: string, site: LocalSite): Promise<void> {
    const { stack, docker, folder } = laptop;
    const own = join(composeFile, "..");
    const token = awkwardSecret();

    await step(
        "a preview of a changed setting and a changed secret names the containers, the variable and the secret's name only; `up` replaces those",
        async () => {
            await stack.configure({ "settings.title": "Words to remember" });
            await stack.configureSecrets({ "secrets.prolific_api_token": token });
            const { stdout } = await stack.preview({ diff: true });
            assert.match(stdout, /title=Words to remember/);
            assert.match(stdout, /dallinger\.secret\.prolific_api_token/);
            assert.match(stdout, /experiment-web-1/);
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

    await step("the experiment's processes have the secret", async () => {
        const start = "/run/dallinger/start/start.py";
        const read = "import os; print(os.environ['prolific_api_token'])";
        const inside = await docker(
            "compose",
            "-f",
            composeFile,
            "exec",
            "-T",
            "web",
            "python3",
            start,
            "python3",
            "-c",
            read,
        );
        assert.equal(inside.trim(), token);
    });

    await step("no container, image, argument, log, state or file that others read has one in it", async () => {
        const secrets = [{ name: "prolific_api_token", value: token }, ...(await generatedSecrets(stack))];
        assert.ok(secrets.length >= 5, "the generated ones, too");
        const search = new SecretSearch(secrets);
        const places = async (): Promise<Finding[]> => {
            const ids = (await docker("ps", "-aq")).split("\n").filter(Boolean);
            const images = [
                ...new Set(
                    (await docker("image", "ls", "-q", "--filter", "label=dallinger.content-hash"))
                        .split("\n")
                        .filter(Boolean),
                ),
            ];
            const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
                .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
                .map((entry) => join(entry.parentPath, entry.name));
            return [
                ...(await search.texts({
                    "the containers": await docker("inspect", ...ids),
                    "the images": await docker("image", "inspect", ...images),
                    "what their layers were made by": (
                        await Promise.all(images.map((id) => docker("history", "--no-trunc", id)))
                    ).join("\n"),
                    arguments: (
                        await Promise.all(ids.map((id) => docker("top", id, "-eo", "args").catch(() => "")))
                    ).join("\n"),
                    logs: (await Promise.all(ids.map(async (id) => await docker("logs", id)))).join("\n"),
                    "the state": await stack.command(["stack", "export"]),
                    "what `up` printed": stack.printed,
                })),
                ...(await search.files(files)),
            ];
        };
        const found = new Set((await places()).map(({ place }) => place.replace(`${folder}/`, "")));
        const closed = [`${own}/secrets/app.json`, `${own}/secrets/database-password`];
        assert.deepEqual([...found].toSorted(), closed);
        for (const file of closed) assert.equal((await stat(join(folder, file))).mode & 0o077, 0, file);
        assert.equal((await stat(join(folder, own))).mode & 0o077, 0);

        const leak = await docker("create", "--env", `TOKEN=${token}`, laptop.browser);
        assert.ok(
            (await places()).some(({ place }) => place === "the containers"),
            "a planted one is found",
        );
        await docker("rm", leak.trim());
        assert.ok((await readFile(join(folder, own, "secrets/app.json"), "utf8")).includes("FLASK_SECRET_KEY"));
    });
}
