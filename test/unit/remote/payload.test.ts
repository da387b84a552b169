import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execa } from "execa";
import fc from "fast-check";
import { type PayloadFile, renderPayload } from "../../../components/remote/payload.ts";
import { readTemplate } from "../../../components/remote/templates.ts";

const receive = readTemplate("shared/receive.sh");

suite("a payload", () => {
    let folder = "";
    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "payload-"));
    });
    after(async () => rm(folder, { recursive: true }));

    const unpack = (payload: string, target: string) =>
        execa("sh", ["-c", `set -eu\n${receive}\nreceive "$1"`, "sh", target], { input: payload, reject: false });

    test("arrives with every byte and mode unchanged, whatever it holds", async () => {
        let round = 0;
        await fc.assert(
            fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (content) => {
                const target = join(folder, `round-${round++}`);
                const { exitCode } = await unpack(renderPayload([{ path: "a/b.txt", content }]), target);
                assert.equal(exitCode, 0);
                assert.equal(await readFile(join(target, "a/b.txt"), "utf8"), Buffer.from(content).toString("utf8"));
                assert.equal((await stat(join(target, "a/b.txt"))).mode & 0o777, 0o600);
            }),
            { numRuns: 25 },
        );
    });

    test("is for nobody else to read, has the modes that it says, and leaves nothing but its files", async () => {
        const target = join(folder, "modes");
        const payload = renderPayload([
            { path: "a/password", content: "secret" },
            { path: "run", content: "echo", mode: "700" },
        ]);
        assert.equal((await unpack(payload, target)).exitCode, 0);
        const { stdout } = await execa("find", [".", "-printf", "%m %P\n"], { cwd: target });
        const found = ["600 .sha256", "600 a/password", "700 ", "700 a", "700 run"];
        assert.deepEqual(stdout.split("\n").toSorted(), found);
        assert.equal(payload.trimEnd().split(" ").at(-1), (await readFile(join(target, ".sha256"), "utf8")).trimEnd());
    });

    test("is the same text whatever the order of its files", () => {
        const files: PayloadFile[] = [
            { path: "b", content: "2" },
            { path: "a", content: "1", mode: "700" },
        ];
        assert.equal(renderPayload(files), renderPayload(files.toReversed()));
    });

    test("that was cut anywhere leaves nothing and says so", async () => {
        const whole = renderPayload([
            { path: "password", content: "x".repeat(200) },
            { path: "run", content: "echo", mode: "700" },
        ]);
        for (const length of [0, 1, 40, whole.indexOf("\n") + 1, whole.length - 20]) {
            const target = join(folder, `cut-${length}`);
            const { exitCode, stderr } = await unpack(whole.slice(0, length), target);
            assert.equal(exitCode, 1);
            assert.match(stderr, /connection was cut .* nothing was changed: run `\.\/pulumi up` again/);
            await assert.rejects(stat(target));
        }
    });

    for (const path of ["../x", "/etc/passwd", "a b", "", "a//b", "a\nb"]) {
        test(`refuses the path ${JSON.stringify(path)}`, () => {
            assert.throws(() => renderPayload([{ path, content: "" }]), RangeError);
        });
    }
});
