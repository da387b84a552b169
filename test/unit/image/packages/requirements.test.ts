import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isLocal, isPinned, parseRequirements } from "../../../../components/image/packages/requirements.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const one = (line: string) => {
    const [requirement, ...others] = parseRequirements(line).requirements;
    assert.ok(requirement !== undefined && others.length === 0);
    return requirement;
};

suite("a requirements file", () => {
    const named: Readonly<Record<string, object>> = {
        dallinger: { name: "dallinger", specifier: "" },
        "Zope.Interface_X == 1.0": { name: "zope-interface-x", specifier: "== 1.0" },
        "dallinger[docker, data]>=12,<13": { name: "dallinger", extras: "[docker, data]", specifier: ">=12,<13" },
        "rq (<3)": { name: "rq", specifier: "<3" },
        'numpy~=2.0 ; python_version < "3.14"': {
            name: "numpy",
            specifier: "~=2.0",
            marker: 'python_version < "3.14"',
        },
        "a==1 # why": { name: "a", specifier: "==1", text: "a==1" },
        "a==1 --hash=sha256:12 --hash=sha256:34": { name: "a", specifier: "==1" },
        "a==1 \\\n    --hash=sha256:12": { name: "a", specifier: "==1" },
        "words @ git+ssh://git@example.org/words.git@main": {
            name: "words",
            url: "git+ssh://git@example.org/words.git@main",
        },
        "words[x]@ https://example.org/words.whl ; os_name == 'posix'": {
            name: "words",
            extras: "[x]",
            url: "https://example.org/words.whl",
            marker: "os_name == 'posix'",
        },
        "git+https://example.org/words.git@v1#egg=Words[x]": { name: "words", extras: "[x]" },
        "-e git+ssh://git@example.org/words.git#egg=words": { name: "words", specifier: "" },
    };
    for (const [line, expected] of Object.entries(named)) {
        test(`is read: ${line}`, () => {
            const found = one(line);
            assert.deepEqual({ ...found, ...expected }, found);
        });
    }

    test("has options beside requirements, and lines that say nothing", () => {
        const text = "\uFEFF# header\r\n\r\n--index-url https://example.org/simple\n-r other.txt\n--pre\na#b\n";
        const { requirements, options } = parseRequirements(text);
        assert.deepEqual(options, [
            { name: "--index-url", value: "https://example.org/simple" },
            { name: "-r", value: "other.txt" },
            { name: "--pre", value: "" },
        ]);
        assert.deepEqual(
            requirements.map(({ text: line }) => line),
            ["a#b"],
        );
    });

    for (const line of [
        "./lib",
        "../Dallinger[docker]",
        "/srv/x",
        "-e .",
        "x @ file:///srv/x",
        "file:x.whl",
        "lib/x",
        "x.whl",
    ]) {
        test(`${line} is a path of some machine`, () => assert.ok(isLocal(one(line))));
    }
    for (const line of [
        "a",
        "a.b==1.0",
        "a @ https://e.org/a.whl",
        "git+ssh://git@e.org/a.git",
        'a; os_name == "a/b"',
        "a[b]",
    ]) {
        test(`${line} is none`, () => assert.ok(!isLocal(one(line))));
    }

    for (const line of [
        "a==1",
        "a === 1.0+x",
        `a @ git+ssh://e.org/a@${COMMIT}`,
        `git+ssh://e.org/a@${COMMIT}#egg=a`,
        "a @ https://e.org/a.whl",
    ]) {
        test(`${line} always is the same`, () => assert.ok(isPinned(one(line))));
    }
    for (const line of ["a", "a>=1", "a==1.*", "a==1,<2", "a @ git+ssh://e.org/a", "a @ git+ssh://e.org/a@main"]) {
        test(`${line} may be another one tomorrow`, () => assert.ok(!isPinned(one(line))));
    }
});
