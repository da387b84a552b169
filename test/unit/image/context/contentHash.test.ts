import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { contentHash, type HashedFile, type ImageSource } from "../../../../components/image/context/contentHash.ts";
import { contentDigest } from "../../../../components/image/files/contextFile.ts";

const file = fc.record<HashedFile>({
    path: fc.string({ unit: "grapheme", minLength: 1 }),
    executable: fc.boolean(),
    digest: fc.string().map((text) => contentDigest(Buffer.from(text))),
});
const source = fc.record<ImageSource>({
    files: fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 12 }),
    platform: fc.constantFrom("linux/amd64", "linux/arm64"),
    buildArgs: fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true }),
});

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

suite("the content hash", () => {
    test("does not depend on the order of files and arguments", () => {
        const shuffled = source.chain((given) =>
            fc.record({
                given: fc.constant(given),
                files: fc.shuffledSubarray([...given.files], { minLength: given.files.length }),
                args: fc.shuffledSubarray(Object.entries(given.buildArgs), {
                    minLength: Object.keys(given.buildArgs).length,
                }),
            }),
        );
        fc.assert(
            fc.property(shuffled, ({ given, files, args }) => {
                const other = { ...given, files, buildArgs: Object.fromEntries(args) };
                assert.equal(contentHash(other), contentHash(given));
            }),
        );
    });

    const changes: Record<string, (given: ImageSource) => ImageSource> = {
        "a file's content": (given) =>
            first(given, (one) => ({ ...one, digest: contentDigest(Buffer.from(`${one.digest}!`)) })),
        "a file's executable bit": (given) => first(given, (one) => ({ ...one, executable: !one.executable })),
        "a file's path": (given) => first(given, (one) => ({ ...one, path: `${one.path}~` })),
        "one file less": (given) => ({ ...given, files: given.files.slice(1) }),
        "the platform": (given) => ({ ...given, platform: `${given.platform}/v8` }),
        "another base by argument": (given) => ({
            ...given,
            buildArgs: { ...given.buildArgs, BASE: `python@${DIGEST}` },
        }),
        "another argument": (given) => ({ ...given, buildArgs: { ...given.buildArgs, "an argument": "" } }),
    };
    for (const [what, change] of Object.entries(changes)) {
        test(`is another one for ${what}`, () => {
            const isFresh = ({ files, buildArgs }: ImageSource) =>
                !("an argument" in buildArgs) && !files.some(({ path }) => path === `${files[0]?.path}~`);
            fc.assert(
                fc.property(source.filter(isFresh), (given) =>
                    assert.notEqual(contentHash(change(given)), contentHash(given)),
                ),
            );
        });
    }

    test("tells parts apart that would be the same text when put together", () => {
        const base = { platform: "linux/amd64", buildArgs: {} };
        const digest = contentDigest(Buffer.from(""));
        const one = contentHash({ ...base, files: [{ path: "ab", executable: false, digest }] });
        const other = contentHash({ ...base, files: [{ path: "a", executable: false, digest: `b${digest}` }] });
        assert.notEqual(one, other);
        assert.notEqual(
            contentHash({ ...base, files: [], buildArgs: { ab: "c" } }),
            contentHash({ ...base, files: [], buildArgs: { a: "bc" } }),
        );
    });

    test("stays what it was in earlier versions: another hash would rebuild everybody's image", () => {
        const files = [
            { path: "experiment.py", executable: false, digest: contentDigest(Buffer.from("print(1)\n")) },
            { path: "run.sh", executable: true, digest: contentDigest(Buffer.from("#!/bin/sh\n")) },
            // By UTF-16 units the second would come first; by bytes it is the last.
            { path: "\uFFFD", executable: false, digest: contentDigest(Buffer.from("")) },
            { path: "\u{1F600}", executable: false, digest: contentDigest(Buffer.from("")) },
        ];
        assert.equal(
            contentHash({ files, platform: "linux/amd64", buildArgs: { BASE: "python:3.13" } }),
            "baf1a57e998d313b4aee2206dde6e397660f59d41cb4b57cf69da835b95bef57",
        );
    });
});

function first(given: ImageSource, change: (one: HashedFile) => HashedFile): ImageSource {
    return { ...given, files: given.files.map((one, index) => (index === 0 ? change(one) : one)) };
}
