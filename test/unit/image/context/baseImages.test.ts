import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { baseImages, checkBaseImages, pythonOf } from "../../../../components/image/context/baseImages.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const names = (text: string, args = {}) => baseImages(text, args).map(({ image }) => image);

suite("the images that a Dockerfile takes something from", () => {
    const cases: Readonly<Record<string, readonly [string, readonly string[]]>> = {
        "that it begins with": ["# FROM no\nFROM python:3.13 AS a\n", ["python:3.13"]],
        "for a platform": ["from --platform=$BUILDPLATFORM python:3.13\n", ["python:3.13"]],
        "that variables name": [
            `ARG A=3.13\nARG B\nFROM python:${"$"}{A}-slim\nFROM x:${"$"}{B:-1}\nFROM y:$A\n`,
            ["python:3.13-slim", "x:1", "y:3.13"],
        ],
        "without its own stages": [
            "FROM a AS Build\nFROM scratch\nCOPY --from=build /x /x\nCOPY --from=0 /x /x\n",
            ["a"],
        ],
        "that it copies from": [
            "FROM a\nCOPY --link --from=uv:1 /uv /bin/\nRUN --mount=type=bind,from=tools:2,target=/t x\n",
            ["a", "uv:1", "tools:2"],
        ],
        "each once": ["FROM a AS x\nFROM a AS y\n", ["a"]],
        "over several lines": ["FROM \\\n# why\n  a \\\n  AS x\nFROM x\n", ["a"]],
        "in quotes": ['ARG A="a:1"\nFROM $A\n', ["a:1"]],
        "that a later ARG does not change": ["ARG A=a\nFROM $A\nARG A=b\nFROM $A\n", ["a"]],
    };
    for (const [title, [text, images]] of Object.entries(cases)) {
        test(`are those ${title}`, () => assert.deepEqual(names(text), images));
    }

    test("are those of its arguments", () => {
        assert.deepEqual(names("ARG BASE=a\nFROM $BASE\n", { BASE: "b:1" }), ["b:1"]);
    });

    test("are told when they have no digest, with their line", () => {
        const images = baseImages(`FROM a@${DIGEST}\n\nFROM b:1\n`, {});
        const [problem, ...others] = checkBaseImages((line) => `Dockerfile, line ${line}`, images);
        assert.deepEqual(others, []);
        assert.equal(problem?.path, "Dockerfile, line 3");
        assert.match(problem?.message ?? "", /^takes b:1 without a digest/);
    });

    test("may tell the version of their Python", () => {
        assert.equal(pythonOf(`python:3.13-slim-trixie@${DIGEST}`), "3.13");
        assert.equal(pythonOf("10.0.0.1:5000/python:3.12.4"), "3.12");
        assert.equal(pythonOf("ghcr.io/lab/cpython:3.12"), undefined);
        assert.equal(pythonOf("debian:trixie"), undefined);
    });
});
