import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type PackageSource, packageFiles } from "../../../../components/image/packages/packageFiles.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

function made(texts: Readonly<Record<string, string>>, options: Partial<PackageSource> = {}) {
    const text = (path: string) => texts[path];
    const standard = { folder: "recall", text, usesConstraints: "constraints.txt" in texts, hasCheckout: false };
    return packageFiles({ ...standard, strict: false, ...options });
}

suite("what packages are installed from", () => {
    test("is what the experiment asks for, and the constraints when they count", () => {
        const texts = { "requirements.txt": "# why\ndallinger[data]==12.4.0\n", "constraints.txt": "Rq==2.0\na\n" };
        assert.deepEqual(made(texts).files, {
            "requirements.txt": "dallinger[data]==12.4.0\n",
            "constraints.txt": "Rq==2.0\na\n",
            "dallinger.txt": "dallinger[data]==12.4.0\n",
            "pinned.txt": "dallinger\nrq\n",
        });
        assert.deepEqual(Object.keys(made(texts, { usesConstraints: false }).files), [
            "requirements.txt",
            "dallinger.txt",
            "pinned.txt",
        ]);
    });

    test("is constraints.txt alone when there is nothing else", () => {
        const { files } = made({ "constraints.txt": "--index-url https://e.org\ndallinger==12.4.0\n" });
        assert.equal(files["requirements.txt"], "--index-url https://e.org\ndallinger==12.4.0\n");
    });

    test("has constraints without extras, which pip would refuse", () => {
        const { files } = made({ "requirements.txt": "a[x]\n", "constraints.txt": "a[x]==1\n" });
        assert.deepEqual([files["requirements.txt"], files["constraints.txt"]], ["a[x]\n", "a==1\n"]);
    });

    test("takes the commit of a repository from the constraints, which pip would find in conflict with a branch", () => {
        const { files } = made({
            "requirements.txt": "words[x] @ git+ssh://git@e.org/words.git@main ; os_name == 'posix'\n",
            "constraints.txt": `words @ git+ssh://git@e.org/words.git@${COMMIT}\nb==1\n`,
        });
        assert.equal(
            files["requirements.txt"],
            `words[x] @ git+ssh://git@e.org/words.git@${COMMIT} ; os_name == 'posix'\n`,
        );
        assert.equal(files["constraints.txt"], "b==1\n");
        assert.equal(files["pinned.txt"], "b\nwords\n");
    });

    test("has Dallinger from its checkout, whatever version is pinned", () => {
        const texts = { "requirements.txt": "dallinger[data]\na\n", "constraints.txt": "dallinger==12.4.0\na==1\n" };
        const { files } = made(texts, { hasCheckout: true });
        assert.deepEqual(files, {
            "requirements.txt": "dallinger[data] @ file:///packages/dallinger\na\n",
            "constraints.txt": "a==1\n",
            "dallinger.txt": "dallinger[data] @ file:///packages/dallinger\n",
            "pinned.txt": "a\ndallinger\n",
        });
        const implied = made({ "requirements.txt": "psynet\n" }, { hasCheckout: true });
        assert.match(implied.files["requirements.txt"] ?? "", /^psynet\ndallinger @ file:/);
    });

    test("has the lines of other files that are named, each once", () => {
        const { files, problems } = made({
            "requirements.txt": "-r more/base.txt\n-c constraints.txt\na\n",
            "more/base.txt": "b\n--requirement=../requirements.txt\n-r deeper.txt\n",
            "more/deeper.txt": "c\n--pre\n",
            "constraints.txt": "a==1\n",
        });
        assert.deepEqual(problems, []);
        assert.equal(files["requirements.txt"], "--pre\na\nb\nc\n");
    });

    test("says in a file of its own that nothing else may be installed", () => {
        assert.equal(made({ "requirements.txt": "a\n" }, { strict: true }).files.strict, "");
    });

    const refused: Readonly<Record<string, RegExp>> = {
        "-r missing.txt": /^names missing\.txt, which is not among the image's files$/,
        "-c pins.txt": /^has -c pins\.txt: what constrains the image's packages is constraints\.txt$/,
        "-e ../Dallinger": /^asks for \.\.\/Dallinger, a path of some machine/,
        "dallinger @ file:///home/me/Dallinger": /a path of some machine/,
    };
    for (const [line, message] of Object.entries(refused)) {
        test(`is not ${line}`, () => {
            const { problems } = made({ "requirements.txt": `${line}\n`, "pins.txt": "" });
            assert.deepEqual(
                problems.map(({ path }) => path),
                ["recall/requirements.txt"],
            );
            assert.match(problems[0]?.message ?? "", message);
        });
    }
});
