import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { extract } from "tar";
import { ChangedFileError, packContext } from "../../../../components/image/context/contextArchive.ts";
import { planImage } from "../../../../components/image/context/imagePlan.ts";
import { type Content, temporaryFolder } from "../temporaryFolder.ts";

const LONG = `${"a long folder's name/".repeat(15)}ünd a file.txt`;
const FILES = {
    "experiment.py": "# experiment\n",
    "requirements.txt": "dallinger\n",
    empty: "",
    block: "x".repeat(512),
    "run.sh": { script: "#!/bin/sh\n" },
    [LONG]: "far away",
};

const OPTIONS = { path: ".", platform: "linux/amd64", buildArgs: {} };

suite("the archive of a build context", () => {
    test("has the experiment below `experiment/`, and what it is built with beside it", async (context) => {
        const { archive } = await pack(context, FILES);
        const unpacked = await unpack(context, archive);
        assert.match(readFileSync(join(unpacked, "Dockerfile"), "utf8"), /^ARG BASE=python:/m);
        assert.equal(readFileSync(join(unpacked, "packages/requirements.txt"), "utf8"), "dallinger\n");
        assert.equal(readFileSync(join(unpacked, "known_hosts"), "utf8"), "");
        for (const path of ["experiment.py", "empty", "block", LONG]) {
            const content = FILES[path];
            assert.equal(readFileSync(join(unpacked, "experiment", path), "utf8"), content);
        }
    });

    test("is the experiment itself when it has a Dockerfile of its own", async (context) => {
        const { archive } = await pack(context, { ...FILES, Dockerfile: "FROM mine\n" });
        const unpacked = await unpack(context, archive);
        assert.equal(readFileSync(join(unpacked, "Dockerfile"), "utf8"), "FROM mine\n");
        assert.equal(readFileSync(join(unpacked, "experiment.py"), "utf8"), "# experiment\n");
    });

    test("keeps the executable bit and no other mode, owner or time", async (context) => {
        const { archive } = await pack(context, FILES);
        const unpacked = await unpack(context, archive);
        assert.equal(statSync(join(unpacked, "experiment/run.sh")).mode & 0o777, 0o755);
        assert.equal(statSync(join(unpacked, "experiment/block")).mode & 0o777, 0o644);
        assert.equal(statSync(join(unpacked, "experiment/block")).mtimeMs, 0);
    });

    test("is the same bytes from two copies of the experiment", async (context) => {
        const [one, other] = [await pack(context, FILES), await pack(context, FILES)];
        assert.ok(one.archive.equals(other.archive));
    });

    test("is refused when a file is no longer what was hashed", async (context) => {
        const folder = temporaryFolder(context, FILES);
        const { archive } = planImage(folder, OPTIONS);
        writeFileSync(join(folder, "block"), `y${"x".repeat(511)}`);
        await assert.rejects(collect(packContext(archive)), ChangedFileError);
    });
});

async function pack(context: TestContext, content: Readonly<Record<string, Content>>) {
    const { archive } = planImage(temporaryFolder(context, content), OPTIONS);
    return { archive: await collect(packContext(archive)) };
}

async function unpack(context: TestContext, archive: Buffer): Promise<string> {
    const folder = temporaryFolder(context);
    const target = join(folder, "unpacked");
    mkdirSync(target);
    writeFileSync(join(folder, "context.tar"), archive);
    await extract({ file: join(folder, "context.tar"), cwd: target, strict: true, preservePaths: false });
    return target;
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
    const collected: Buffer[] = [];
    for await (const chunk of chunks) collected.push(chunk);
    return Buffer.concat(collected);
}
