import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { EXIT } from "../../../ops/exitStatus.ts";
import { CommandLine, SERVER } from "./commandLine.ts";

/** A stack with an app, and a server that answers its verbs by this text for `sh`. */
async function lineWith(t: TestContext, door: string, experiment: object = {}): Promise<CommandLine> {
    const line = await CommandLine.create(t);
    await line.addApp("recall", door, experiment);
    return line;
}

const recall = ["--stack", "recall"];
const says = (...lines: readonly string[]) => `cat <<'EOF'\n${lines.join("\n")}\nEOF\n`;
const dead = 'echo "Docker does not answer on this server" >&2; exit 1';

suite("./ops/dallinger backups", () => {
    const two = says(
        ...["backup recall/20260101T120000Z", "kind final", "bytes 5000000", "fetched yes"],
        ...["backup recall/20260102T120000Z", "kind scheduled", "bytes 6000000", "off-server yes"],
        ...["backup recall/20260103T120000Z", "kind manual", "bytes 7000000"],
    );

    test("list: how each came to be, how large it is and where it is", async (t) => {
        const line = await lineWith(t, two);
        const { exitCode, stdout, ssh } = await line.run(["backups", "list", ...recall]);
        assert.equal(exitCode, EXIT.done);
        assert.deepEqual(
            stdout.split("\n").map((text) => text.replaceAll(/ {2,}/g, " | ")),
            [
                "BACKUP | KIND | SIZE | COPY",
                "recall/20260101T120000Z | final | 5 MB | fetched",
                "recall/20260102T120000Z | scheduled | 6 MB | in the repository",
                "recall/20260103T120000Z | manual | 7 MB | only on the server",
            ],
        );
        const connections = ssh.split("\n").filter((each) => each.includes(SERVER.host));
        assert.equal(connections.length, 1);
    });

    test("list: an array for programs", async (t) => {
        const line = await lineWith(t, two);
        const { stdout } = await line.run(["backups", "list", "--json", ...recall]);
        assert.deepEqual(JSON.parse(stdout)[1], {
            ...{ path: "recall/20260102T120000Z", kind: "scheduled", bytes: 6_000_000 },
            ...{ fetched: false, offServer: true },
        });
    });

    test("list: one that was not made is told last, and by the exit status", async (t) => {
        const line = await lineWith(t, says("failed recall 2026-01-02T03:04:05Z", "reason the disk is full"));
        const { exitCode, stderr } = await line.run(["backups", "list", ...recall]);
        assert.deepEqual([exitCode, stderr], [EXIT.differs, "recall, at 2026-01-02T03:04:05Z: the disk is full"]);
    });

    test("list: those in the repository, and why it does not answer", async (t) => {
        const tags = ["dallinger-owner=x", "dallinger-kind=manual", "dallinger-backup=20260103T120000Z"];
        const line = await lineWith(t, says(JSON.stringify([{ id: "0a".repeat(32), tags }])));
        const list = ["backups", "list", "--repository", ...recall];
        assert.match((await line.run(list)).stdout, /^recall\/20260103T120000Z +manual +0a0a0a0a$/m);
        await line.script("notes/door", dead);
        const { exitCode, stdout, stderr } = await line.run(list);
        assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
        assert.match(stderr, /Docker does not answer on this server/);
    });

    test("make: says how far it is, and prints the name of what is complete", async (t) => {
        const line = await lineWith(t, 'echo "saving" >&2; echo recall/20260104T120000Z');
        const { exitCode, stdout, stderr, ssh } = await line.run(["backups", "make", ...recall]);
        assert.deepEqual([exitCode, stdout, stderr], [EXIT.done, "recall/20260104T120000Z", "saving"]);
        assert.match(ssh, /\/bin\/app backup$/m);
    });

    test("make: names nothing where none was made", async (t) => {
        const line = await lineWith(t, dead);
        const { exitCode, stdout, stderr } = await line.run(["backups", "make", ...recall]);
        assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
        assert.match(stderr, /Docker does not answer on this server/);
    });

    test("make: an app on this machine has its data here", async (t) => {
        const line = await lineWith(t, "", { on: "local" });
        const { exitCode, stderr, ssh } = await line.run(["backups", "make", ...recall]);
        assert.deepEqual([exitCode, ssh], [EXIT.refused, ""]);
        assert.match(stderr, /the stack's app runs on this machine/);
    });
});

suite("./ops/dallinger timings", () => {
    const steps = says(
        ...["ended database 2026-01-02T03:04:05Z", "step 7 receiving it", "step 131 preparing the database"],
        ...["ended launch 2026-01-02T03:04:25Z", "step 1200 launching the experiment"],
    );

    test("tells each step of the last deployment, and how long it took", async (t) => {
        const line = await lineWith(t, steps);
        const { exitCode, stdout } = await line.run(["timings", ...recall]);
        assert.equal(exitCode, EXIT.done);
        assert.deepEqual(
            stdout.split("\n").map((text) => text.replaceAll(/ {2,}/g, " | ")),
            [
                "COMMAND | SECONDS | STEP | ENDED",
                "database | 0.07 | receiving it | 2026-01-02T03:04:05Z",
                "database | 1.31 | preparing the database | 2026-01-02T03:04:05Z",
                "launch | 12.00 | launching the experiment | 2026-01-02T03:04:25Z",
            ],
        );
    });

    test("gives programs an array", async (t) => {
        const line = await lineWith(t, steps);
        const [, second] = JSON.parse((await line.run(["timings", "--json", ...recall])).stdout);
        const database = { command: "database", ended: "2026-01-02T03:04:05Z" };
        assert.deepEqual(second, { ...database, step: "preparing the database", seconds: 1.31 });
    });

    test("says so where nothing is known of one, and why the server does not tell", async (t) => {
        const line = await lineWith(t, "exit 0");
        const { exitCode, stderr } = await line.run(["timings", ...recall]);
        assert.equal(exitCode, EXIT.refused);
        assert.match(stderr, /the next `\.\/pulumi up` that has something to do tells it/);
        await line.script("notes/door", dead);
        assert.match((await line.run(["timings", ...recall])).stderr, /Docker does not answer on this server/);
    });
});

suite("./ops/dallinger releases", () => {
    const record = (release: string) =>
        JSON.stringify({
            ...{ release, applied: "2026-01-02T03:04:05Z", by: "root", stack: "recall", commit: "0123456789abcdef" },
            ...{ image: `registry.example/recall@sha256:${release}0000`, contentHash: "", workers: 1, clock: true },
            ...{ settings: {}, secrets: [] },
        });
    const kept = says(`serves ${record("bbbbbbbbbbbb")}`, `kept ${record("aaaaaaaaaaaa")}`);
    const door = `case $* in "releases list") ${kept} ;; "releases show aaaaaaaaaaaa") ${says(record("aaaaaaaaaaaa"))} ;; *) ${dead} ;; esac`;

    test("lists those that are kept, and which serves", async (t) => {
        const line = await lineWith(t, door);
        const { exitCode, stdout } = await line.run(["releases", ...recall]);
        assert.equal(exitCode, EXIT.done);
        const [heading = "", first = "", second = ""] = stdout.split("\n");
        assert.match(heading, /^RELEASE +APPLIED +IMAGE +COMMIT +BY +SERVES$/);
        assert.match(first, /^bbbbbbbbbbbb +2026-01-02T03:04:05Z +sha256:bbbbbbbbbbbb +0123456789 +root +serves$/);
        assert.match(second, /^aaaaaaaaaaaa /);
    });

    test("gives programs an array", async (t) => {
        const line = await lineWith(t, door);
        const releases = JSON.parse((await line.run(["releases", "--json", ...recall])).stdout);
        assert.deepEqual(
            releases.map(({ release, serves }: { release: string; serves: boolean }) => [release, serves]),
            [
                ["bbbbbbbbbbbb", true],
                ["aaaaaaaaaaaa", false],
            ],
        );
    });

    test("says why the server does not tell", async (t) => {
        const line = await lineWith(t, dead);
        const { exitCode, stdout, stderr } = await line.run(["releases", ...recall]);
        assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
        assert.match(stderr, /Docker does not answer on this server/);
    });

    test("rollback: one that is none is refused, and the configuration stays", async (t) => {
        const line = await lineWith(t, door);
        for (const wrong of ["cccccccccccc", "../x"]) {
            const { exitCode, asked } = await line.run(["rollback", wrong, ...recall]);
            assert.equal(exitCode, EXIT.refused, wrong);
            assert.doesNotMatch(asked, /config set/);
        }
    });
});

suite("./ops/dallinger check", () => {
    test("says what is not as the stack has it, and how it gets right again", async (t) => {
        const line = await lineWith(t, says("web: 0 of 1 as they should be"));
        const { exitCode, stdout, stderr } = await line.run(["check", ...recall]);
        assert.deepEqual([exitCode, stdout], [EXIT.differs, "web: 0 of 1 as they should be"]);
        assert.match(stderr, /`\.\/ops\/dallinger mend`, then `\.\/pulumi up`/);
    });

    test("says that all is right", async (t) => {
        const line = await lineWith(t, ":");
        const { exitCode, stdout } = await line.run(["check", ...recall]);
        assert.deepEqual([exitCode, stdout], [EXIT.done, "recall is on its server as the stack has it"]);
    });

    test("does not take a server that does not answer for one where all is right", async (t) => {
        const line = await lineWith(t, dead);
        const { exitCode, stdout, stderr } = await line.run(["check", ...recall]);
        assert.deepEqual([exitCode, stdout], [EXIT.refused, ""]);
        assert.match(stderr, /Docker does not answer on this server/);
    });
});

suite("./ops/dallinger restore", () => {
    test("sends nothing that is not what its checksums say, and asks no server", async (t) => {
        const line = await lineWith(t, dead);
        const folder = join(line.folder, "backups", SERVER.host, "recall/20260101T120000Z");
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, "SHA256SUMS"), `${"0".repeat(64)}  ./rows\n`);
        await writeFile(join(folder, "rows"), "info 1\n");
        const { exitCode, stderr, ssh } = await line.run(["restore", folder, ...recall]);
        assert.equal(exitCode, EXIT.refused);
        assert.match(stderr, /\.\/rows is not what its checksum says; nothing is sent$/);
        assert.equal(ssh, "");
    });
});

suite("./ops/dallinger leave", () => {
    test("is refused of an app that is on no server, which nobody asks", async (t) => {
        const line = await lineWith(t, dead);
        const { exitCode, stderr, ssh } = await line.run(["leave", ...recall]);
        assert.deepEqual([exitCode, stderr, ssh], [EXIT.refused, "nothing of recall is on a server of this stack", ""]);
    });
});
