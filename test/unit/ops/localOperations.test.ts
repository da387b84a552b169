import assert from "node:assert/strict";
import { chmod, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LocalOperations } from "../../../ops/localOperations.ts";
import { allOf } from "../../support/allOf.ts";

/** The operations of an app on this machine, whose docker is this text for `sh` and notes its arguments. */
async function operationsOn(t: TestContext, answer: string) {
    const folder = await mkdtempDisposable(join(tmpdir(), "operations-"));
    const { PATH } = process.env;
    t.after(async () => {
        process.env.PATH = PATH;
        await folder.remove();
    });
    const docker = join(folder.path, "docker");
    await writeFile(docker, `#!/bin/sh\necho "$*" >>"${folder.path}/calls"\n${answer}\n`);
    await chmod(docker, 0o700);
    process.env.PATH = `${folder.path}:${PATH}`;
    const calls = async () => (await readFile(join(folder.path, "calls"), "utf8")).trim().split("\n");
    return { folder: folder.path, calls, operations: new LocalOperations("local/recall-x1y2z3/compose.yaml") };
}

test("a program gets its arguments and its standard input in the process it is to run in", async (t) => {
    const { calls, operations } = await operationsOn(t, "cat");
    assert.equal(await operations.exec("web", ["python3", "-V"], "what it reads"), "what it reads");
    assert.deepEqual(await calls(), ["compose -f local/recall-x1y2z3/compose.yaml exec -T web python3 -V"]);
});

const engine = `case $* in
*" ps "*) echo "a1 recall-web-1"; echo "b2 recall-worker-1" ;;
"logs "*a1) echo "2026-01-02T03:00:00.1Z one"; echo "2026-01-02T03:00:02.1Z three" >&2; echo "no time" ;;
"logs "*b2) echo "2026-01-02T03:00:01.1Z of the worker" ;;
*) echo "recall-web-1  | 2026-01-02T03:00:03.1Z four"; echo "no such service" >&2; exit 1 ;;
esac`;
const [one, two, three] = [
    ...["2026-01-02T03:00:00.1Z recall-web-1 | one", "2026-01-02T03:00:01.1Z recall-worker-1 | of the worker"],
    "2026-01-02T03:00:02.1Z recall-web-1 | three",
];

test("logs are those of all containers in the order of time", async (t) => {
    const { calls, operations } = await operationsOn(t, engine);
    const all = operations.logs({ processes: [], follow: false, since: { secondsAgo: 600 } });
    assert.deepEqual(await allOf(all), [one, two, three]);
    const [listed = "", ...asked] = await calls();
    assert.equal(listed, "compose -f local/recall-x1y2z3/compose.yaml ps -a --format {{.ID}} {{.Name}}");
    assert.deepEqual(asked.toSorted(), ["logs --timestamps --since 600s a1", "logs --timestamps --since 600s b2"]);
    const some = operations.logs({ processes: ["web"], follow: false, text: "e w" });
    assert.deepEqual(await allOf(some), [two]);
});

test("logs that are followed go on where those have ended, and what docker refuses is said", async (t) => {
    const { calls, operations } = await operationsOn(t, engine);
    const lines: string[] = [];
    await assert.rejects(async () => {
        for await (const line of operations.logs({ processes: ["web"], follow: true })) lines.push(line);
    }, /no such service/);
    assert.deepEqual(lines, [one, two, three, "2026-01-02T03:00:03.1Z recall-web-1 | four"]);
    const [, until = ""] = / --until (\S+) a1$/m.exec((await calls()).join("\n")) ?? [];
    assert.match(
        (await calls()).at(-1) ?? "",
        new RegExp(` logs --no-color --timestamps --follow --since ${until} web$`),
    );
});

test("logs of a former release are not there on this machine", async (t) => {
    const { operations } = await operationsOn(t, engine);
    const former = operations.logs({ processes: [], follow: false, release: "all" });
    await assert.rejects(allOf(former), /leave --release out/);
});

test("what containers use is that of the app's, and nothing where it has none", async (t) => {
    const json = '{"Name":"recall-x1y2z3-web-1","CPUPerc":"0.52%","MemUsage":"61.2MiB / 512MiB"}';
    const { calls, operations } = await operationsOn(
        t,
        `case $* in *"ps -q") echo a1; echo b2 ;; *) echo '${json}' ;; esac`,
    );
    const use = { name: "recall-x1y2z3-web-1", processor: "0.52%", memory: "61.2MiB / 512MiB" };
    assert.deepEqual(await operations.stats(), [use]);
    assert.match((await calls())[1] ?? "", /^stats --no-stream .* a1 b2$/);
    const empty = await operationsOn(t, "");
    assert.deepEqual(await empty.operations.stats(), []);
});

test("a dump is there when it is whole, for its owner alone, and nothing of one that breaks off", async (t) => {
    const { folder, operations } = await operationsOn(t, "printf PGDMP");
    await operations.dump(join(folder, "recall.dump"));
    assert.equal(await readFile(join(folder, "recall.dump"), "utf8"), "PGDMP");
    assert.equal((await stat(join(folder, "recall.dump"))).mode & 0o777, 0o600);
    const broken = await operationsOn(t, "printf PGD; echo gone >&2; exit 1");
    await assert.rejects(broken.operations.dump(join(broken.folder, "recall.dump")), /gone/);
    assert.deepEqual(
        (await readdir(broken.folder)).filter((name) => name.includes("dump")),
        [],
    );
});
