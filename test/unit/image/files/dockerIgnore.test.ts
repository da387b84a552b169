import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { parseDockerIgnore } from "../../../../components/image/files/dockerIgnore.ts";

/** The file, the paths that it leaves out, the paths that it does not. */
const CASES: Readonly<Record<string, readonly [string, readonly string[], readonly string[]]>> = {
    "a name counts in the folder itself only": ["notes.txt", ["notes.txt"], ["a/notes.txt", "notes.txt2"]],
    "a folder stands for all in it": ["raw", ["raw", "raw/a", "raw/a/b"], ["raws", "a/raw"]],
    "slashes around it and dots before it mean nothing": ["/raw/\n./a//b/", ["raw/x", "a/b/c"], ["b/c"]],
    "a star stops at a slash": ["*.wav", ["a.wav"], ["a/b.wav"]],
    "two stars do not": ["**/*.wav", ["a.wav", "a/b.wav", "a/b/c.wav"], ["a.wav2"]],
    "two stars at the end are everything below": ["a/**", ["a/b", "a/b/c"], ["b/a/c"]],
    "two stars in the middle may be no folder": ["a/**/z", ["a/z", "a/b/z", "a/b/c/z/y"], ["z", "b/z"]],
    "a question mark is one character": ["a?.txt", ["ab.txt"], ["a.txt", "a/.txt", "abc.txt"]],
    "a set is one of its characters": ["[a-c].txt\n[^x]y", ["a.txt", "c.txt", "ay"], ["d.txt", "xy"]],
    "a star in the middle matches a folder around a file": [
        "*/temp*",
        ["a/temp", "a/temperature/b"],
        ["temp", "a/b/temp"],
    ],
    "an exclamation mark takes back in": ["*\n!static\n!*.py", ["a.txt", "a/b.py"], ["static/a", "x.py"]],
    "the last match decides": ["*.md\n!README*.md\nREADME-secret.md", ["README-secret.md", "a.md"], ["README.md"]],
    "what is taken back can be left out again": ["!a\na", ["a"], []],
    "a backslash takes its meaning from a character": ["a\\*b\n\\#c", ["a*b", "#c"], ["axb"]],
    "other characters mean themselves": ["a+(1){2}|$.txt", ["a+(1){2}|$.txt"], ["aa1.txt", "a+(1){2}|$xtxt"]],
    "comments and empty lines count for nothing": ["# a\n\n  \n b \r\n", ["b"], ["a", "# a"]],
    "a comment begins with its line": [" #a", ["#a"], ["a"]],
    "a byte order mark counts for nothing": ["\uFEFFa", ["a"], []],
    "the folder itself is no pattern": [".\n/", [], ["a", "a/b"]],
    "letters are compared as Unicode composes them": ["u\u0308.txt", ["\u00FC.txt", "u\u0308.txt"], ["u.txt"]],
    "case counts": ["A", ["A"], ["a"]],
    "names that objects have are names": ["x", [], ["constructor", "toString", "__proto__"]],
};

suite("in a .dockerignore", () => {
    for (const [title, [text, left, kept]] of Object.entries(CASES)) {
        test(title, () => {
            const { leavesOut, problems } = parseDockerIgnore(text);
            assert.deepEqual(problems, []);
            assert.deepEqual(
                left.filter((path) => !leavesOut(path)),
                [],
                "not left out",
            );
            assert.deepEqual(kept.filter(leavesOut), [], "left out");
        });
    }

    for (const pattern of ["[a", "a\\", "!", "[]"]) {
        test(`${pattern} is a problem with its line`, () => {
            const { problems } = parseDockerIgnore(`ok\n${pattern}\n`);
            assert.deepEqual(problems, [`line 2, ${JSON.stringify(pattern)}, is no pattern`]);
        });
    }

    test("any name leaves itself out once its special characters are escaped, and no other", () => {
        const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).map((text) => `x${text.trim()}y`);
        const plain = name.filter((text) => !/[/\n\r\0\uD800-\uDFFF]/.test(text));
        fc.assert(
            fc.property(plain, plain, (one, other) => {
                const { leavesOut, problems } = parseDockerIgnore(one.replaceAll(/[\\*?[\]^!-]/g, "\\$&"));
                assert.deepEqual(problems, []);
                assert.ok(leavesOut(one));
                assert.equal(leavesOut(other), other.normalize("NFC") === one.normalize("NFC"));
            }),
        );
    });
});
