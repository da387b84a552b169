import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { EXIT } from "../../../ops/exitStatus.ts";
import { unusedAmong } from "../../../ops/localImages.ts";
import { CommandLine } from "./commandLine.ts";

const image = "sha256:1111";
const found = `image ${image} 2000000 registry.example/recall:1\nfolder 4096 /srv/dallinger/apps/recall/payloads/1.1\nbusy own`;

/** A door that prints what would go, is told, and prints what went. */
const prunes = (plan = found) => `printf '%s\\nend\\n' '${plan}'; read -r said; echo "$* $said" >>"$NOTES/said"
[ "$said" != yes ] || printf 'gone ${image}\\nkept /srv/dallinger/apps/recall/payloads/1.1\\nfreed 1000000\\n'
echo end`;

async function beside(t: TestContext, door: string, experiment: object = {}): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addApp("lab", door, experiment);
    return line;
}

suite("./ops/dallinger prune", () => {
    test("only shows what would go where nobody can be asked", async (t) => {
        const line = await beside(t, prunes());
        const { exitCode, stdout, stderr, ssh } = await line.run(["prune", "--stack", "lab"]);
        assert.equal(exitCode, EXIT.done, stderr);
        assert.match(
            stdout,
            /^WHAT +NAME +SIZE\nimage +registry\.example\/recall:1 +2 MB\nfolder +\/srv\/\S+ +4\.\d kB$/,
        );
        assert.match(stderr, /^somebody is at work on own: nothing of it goes\nnothing was removed: --yes does it$/);
        assert.equal(await line.note("said"), "prune no\n");
        assert.equal(ssh.match(/debian@/g)?.length, 1);
    });

    test("removes it with --yes, and tells what went and what stays", async (t) => {
        const line = await beside(t, prunes());
        const { stdout, stderr } = await line.run(["prune", "--yes", "--stack", "lab"]);
        assert.match(stdout, /\nremoved 1 of 2, freed 1 MB$/);
        assert.match(stderr, /payloads\/1\.1 is in use, or has another name, and stays/);
    });

    test("gives programs an object, and removes nothing unasked", async (t) => {
        const line = await beside(t, prunes());
        const shown = JSON.parse((await line.run(["prune", "--json", "--stack", "lab"])).stdout);
        assert.deepEqual([shown.busy, shown.freed, shown.parts[0].gone], [["own"], 0, false]);
        const removed = JSON.parse((await line.run(["prune", "--json", "--yes", "--stack", "lab"])).stdout);
        assert.deepEqual(removed.parts[0], {
            kind: "image",
            id: image,
            name: "registry.example/recall:1",
            bytes: 2_000_000,
            gone: true,
        });
        assert.equal(removed.freed, 1_000_000);
    });

    test("asks at a terminal", async (t) => {
        const line = await beside(t, prunes());
        assert.equal((await line.runAtTerminal(["prune", "--stack", "lab"], "n\n")).exitCode, EXIT.refused);
        const { exitCode, stdout } = await line.runAtTerminal(["prune", "--stack", "lab"], "yes\n");
        assert.equal(exitCode, EXIT.done);
        assert.match(stdout, /Remove them\?[\s\S]*removed 1 of 2/);
    });

    test("asks nothing where there is nothing, and says why it could not look", async (t) => {
        const nothing = await (await beside(t, prunes(""))).run(["prune", "--stack", "lab"]);
        assert.deepEqual([nothing.exitCode, nothing.stdout], [EXIT.done, "there is nothing to remove"]);
        const failing = await beside(t, "echo 'Docker does not answer' >&2; exit 1");
        const { exitCode, stderr } = await failing.run(["prune", "--yes", "--stack", "lab"]);
        assert.deepEqual([exitCode, stderr], [EXIT.refused, "203.0.113.7: Docker does not answer"]);
    });

    test("is of images that were built for this machine alone, and no container has", async (t) => {
        const label = (content: string, watching?: string) => ({
            "dallinger.content-hash": content,
            ...(watching !== undefined && { "dallinger.watching": watching }),
        });
        const described = [
            { Id: "used", RepoTags: ["r:a-local"], Size: 1, Config: { Labels: label("a", "w") } },
            { Id: "base of what is used", RepoTags: ["r:a-base"], Size: 2, Config: { Labels: label("a") } },
            { Id: "former", RepoTags: [], Size: 3, Config: { Labels: label("b", "w") } },
            { Id: "former base", RepoTags: ["r:b-base"], Size: 4, Config: { Labels: label("b") } },
            { Id: "to be delivered", RepoTags: ["r:c"], Size: 5, Config: { Labels: label("c") } },
        ];
        const unused = unusedAmong(JSON.stringify(described), new Set(["used"]));
        assert.deepEqual(
            unused.map(({ id, name }) => [id, name]),
            [
                ["former", "none"],
                ["former base", "r:b-base"],
            ],
        );

        const line = await beside(t, "", { on: "local" });
        await line.script(
            "bin/docker",
            `echo "$*" >>"$NOTES/docker"; case $* in "image ls"*) echo x ;; "ps "*) ;; "image inspect"*) echo '${JSON.stringify(described.slice(2, 3))}' ;; esac`,
        );
        assert.match((await line.run(["prune", "--yes", "--stack", "lab"])).stdout, /removed 1 of 1/);
        assert.match(await line.note("docker"), /^image rm former$/m);
    });
});
