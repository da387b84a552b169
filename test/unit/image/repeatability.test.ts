import assert from "node:assert/strict";
import { chmodSync, lutimesSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import fc from "fast-check";
import { type ImageOptions, planImage } from "../../../components/image/context/imagePlan.ts";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { BASE, type File, files, hashOf, NEEDED, OPTIONS, path, write } from "./generatedExperiments.ts";
import { git, put, temporaryFolder } from "./temporaryFolder.ts";

/** Each run writes folders and runs git: few runs, each with another experiment. */
const RUNS = { numRuns: 12 };

suite("the same experiment has the same hash", () => {
    const disturbed = files.chain((all) =>
        fc.record({
            all: fc.constant(all),
            order: fc.shuffledSubarray([...all], { minLength: all.length }),
            umask: fc.constantFrom(0o002, 0o022, 0o027, 0o077),
            mtime: fc.integer({ min: 0, max: 4_000_000_000 }),
            folder: path,
            inGit: fc.boolean(),
        }),
    );

    test("in any order, at any time, under any umask, in any folder, in git or not", (context) => {
        fc.assert(
            fc.property(disturbed, ({ all, order, umask, mtime, folder, inGit }) => {
                const here = hashOf(context, all);
                const there = join(temporaryFolder(context), folder);
                withUmask(umask, () => write(join(there, "recall"), order));
                for (const entry of [...entries(there), there]) lutimesSync(entry, mtime, mtime);
                if (inGit) git(there, "init", "--quiet");
                assert.equal(planImage(there, OPTIONS).contentHash, here);
            }),
            RUNS,
        );
    });

    test("from two clones", (context) => {
        fc.assert(
            fc.property(files, fc.constantFrom(0o002, 0o077), (all, umask) => {
                const [origin, clone] = [temporaryFolder(context), join(temporaryFolder(context), "clone")];
                write(join(origin, "recall"), all);
                git(origin, "init", "--quiet");
                git(origin, "add", ".");
                git(origin, "commit", "--quiet", "--message", "all");
                withUmask(umask, () => git(origin, "clone", "--quiet", origin, clone));
                assert.equal(planImage(clone, OPTIONS).contentHash, planImage(origin, OPTIONS).contentHash);
            }),
            { numRuns: 4 },
        );
    });

    test("for another user", async (context) => {
        if (process.getuid?.() !== 0) return context.skip("only root can be somebody else");
        const folder = temporaryFolder(context);
        write(join(folder, "recall"), NEEDED);
        for (const entry of [folder, ...entries(folder)]) chmodSync(entry, statSync(entry).mode | 0o055 | 0o044);
        const module = join(projectFolder, "components/image/context/imagePlan.ts");
        // Only then: the checkout need not be readable for others.
        const program = `import { planImage } from ${JSON.stringify(module)};
            process.setgroups([]);
            process.setgid(65534);
            process.setuid(65534);
            process.stdout.write(planImage(${JSON.stringify(folder)}, ${JSON.stringify(OPTIONS)}).contentHash);`;
        const { stdout } = await execa(process.execPath, ["--input-type=module-typescript", "--eval", program], {
            cwd: "/",
            env: { HOME: "/nonexistent", LANG: "tr_TR.UTF-8", TZ: "Asia/Kathmandu" },
            extendEnv: false,
        });
        assert.equal(stdout, planImage(folder, OPTIONS).contentHash);
    });
});

suite("another experiment has another hash", () => {
    test("for every single byte that is another one", (context) => {
        fc.assert(
            fc.property(files, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, place, difference) => {
                const total = all.reduce((sum, { content }) => sum + content.length, 0);
                const changed = changeByte(all, place % total, difference);
                assert.notEqual(hashOf(context, changed), hashOf(context, all));
            }),
            { numRuns: 40 },
        );
    });

    test("for every byte of one file, one after the other", (context) => {
        const folder = temporaryFolder(context);
        const content = Buffer.from("words = [1, 2, 3]\n");
        write(join(folder, "recall"), NEEDED);
        const hashes = [...content.keys()].map((index) => {
            writeFileSync(join(folder, "recall/words.py"), content.with(index, (content[index] ?? 0) ^ 1));
            return planImage(folder, OPTIONS).contentHash;
        });
        writeFileSync(join(folder, "recall/words.py"), content);
        hashes.push(planImage(folder, OPTIONS).contentHash);
        assert.equal(new Set(hashes).size, content.length + 1);
    });

    test("for a file that may be run and could not be before", (context) => {
        fc.assert(
            fc.property(files, fc.nat(), (all, place) => {
                const index = place % all.length;
                const changed = all.map((one, at) => (at === index ? { ...one, executable: !one.executable } : one));
                assert.notEqual(hashOf(context, changed), hashOf(context, all));
            }),
            RUNS,
        );
    });

    test("for a file more, a file less, and a file with another name", (context) => {
        fc.assert(
            fc.property(files, (all) => {
                const last = all.at(-1);
                assert.ok(last !== undefined);
                const hashes = [
                    all,
                    all.slice(0, -1),
                    [...all, { ...last, path: "another" }],
                    [...all.slice(0, -1), { ...last, path: `${last.path}y` }],
                ].map((variant) => hashOf(context, variant));
                assert.equal(new Set(hashes).size, hashes.length);
            }),
            RUNS,
        );
    });

    test("for another base digest, by argument or in a Dockerfile, another argument, another platform", (context) => {
        const other = BASE.replace(/.$/, "0");
        const folder = temporaryFolder(context);
        write(join(folder, "recall"), NEEDED);
        const options: readonly Partial<ImageOptions>[] = [
            {},
            { buildArgs: {} },
            { buildArgs: { BASE: other } },
            { buildArgs: { BASE, MORE: "" } },
            { buildArgs: { BASE, MORE: "x" } },
            { platform: "linux/arm64" },
            { strict: true },
        ];
        const hashes = options.map((changes) => planImage(folder, { ...OPTIONS, ...changes }).contentHash);
        for (const base of [BASE, other]) {
            put(folder, { "recall/Dockerfile": `FROM ${base}\n` });
            hashes.push(planImage(folder, { ...OPTIONS, buildArgs: {} }).contentHash);
        }
        assert.equal(new Set(hashes).size, hashes.length);
    });

    test("for two variants with equal dependencies", (context) => {
        const variant = (code: string) => [
            ...NEEDED.slice(1),
            { path: "experiment.py", content: Buffer.from(code), executable: false },
        ];
        assert.notEqual(hashOf(context, variant("condition = 'a'\n")), hashOf(context, variant("condition = 'b'\n")));
    });
});

function changeByte(all: readonly File[], place: number, difference: number): File[] {
    let start = 0;
    return all.map((one) => {
        const index = place - start;
        start += one.content.length;
        if (index < 0 || index >= one.content.length) return one;
        return {
            ...one,
            content: Uint8Array.from(one.content).with(index, ((one.content[index] ?? 0) + difference) % 256),
        };
    });
}

function entries(folder: string): string[] {
    return readdirSync(folder, { recursive: true }).map((entry) => join(folder, String(entry)));
}

function withUmask(umask: number, write: () => void): void {
    const before = process.umask(umask);
    try {
        write();
    } finally {
        process.umask(before);
    }
}
