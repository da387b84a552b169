import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { readTemplate } from "../../../../components/remote/templates.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const SCRIPT = readTemplate("image/install.sh");

/** A pip that notes what it is told, and lists the packages of $BEFORE until it has installed those of $AFTER. */
const PIP = `#!/bin/sh
case $1 in
freeze) if [ -e "$NOTES/installed" ]; then printf '%b' "$AFTER"; else printf '%b' "$BEFORE"; fi ;;
*)
    echo "$*" >>"$NOTES/calls"
    [ ! -e tested.txt ] || cp tested.txt "$NOTES/tested"
    case $* in *--no-deps*) ;; *) touch "$NOTES/installed" ;; esac
    exit "\${STATUS:-0}" ;;
esac
`;

suite("the installation of an experiment's packages", () => {
    test("takes the versions of constraints.txt", async (context) => {
        const files = { "requirements.txt": "a\n", "constraints.txt": "a==1\n", "pinned.txt": "a\n" };
        const { exitCode, calls, list } = await install(context, files, { AFTER: "a==1\\n" });
        assert.equal(exitCode, 0);
        assert.deepEqual(calls, ["install --no-compile --requirement requirements.txt --constraint constraints.txt"]);
        assert.equal(list, "a==1\n");
    });

    test("chooses versions that Dallinger was tested with, but for those that the experiment asks for", async (context) => {
        const files = {
            "requirements.txt": "dallinger[data]\nZope.Interface<3\n-r x\n",
            "dallinger.txt": "dallinger[data]\n",
            "site/dev-requirements.txt": "# tested\nrq==2.0\n    # via dallinger\nzope-interface==4\nzope-event==1\n",
        };
        const { calls, tested, stdout } = await install(context, files, { AFTER: "dallinger==12\\nrq==2.0\\n" });
        assert.deepEqual(calls, [
            "install --no-compile --no-deps --requirement dallinger.txt",
            "install --no-compile --requirement requirements.txt --constraint tested.txt",
        ]);
        assert.equal(tested, "rq==2.0\nzope-event==1\n");
        assert.match(stdout, /^chosen now, because nothing pins them: dallinger rq$/m);
    });

    test("chooses among all versions when Dallinger says nothing, or is not asked for by name", async (context) => {
        const { calls, tested, exitCode } = await install(context, {
            "requirements.txt": "psynet\n",
            "dallinger.txt": "",
        });
        assert.deepEqual([exitCode, calls.length, tested], [0, 1, ""]);
    });

    test("lists what it has installed, a checkout of Dallinger excepted, which has no version of others", async (context) => {
        const AFTER = "dallinger @ file:///packages/dallinger\\nwords @ git+ssh://git@e.org/w@12\\nb==1\\n";
        const { list } = await install(context, { "requirements.txt": "b\n" }, { AFTER });
        assert.equal(list, "words @ git+ssh://git@e.org/w@12\nb==1\n");
    });

    test("has Python take the packages' byte code as it is, instead of reading their sources at each import", async (context) => {
        const { compiled, packages } = await install(context, { "requirements.txt": "b\n" }, { AFTER: "b==1\\n" });
        assert.equal(compiled, `-m compileall -qq --invalidation-mode unchecked-hash ${packages}/site\n`);
    });

    const strict = { "requirements.txt": "a\n", "constraints.txt": "a==1\n", "pinned.txt": "a\nb-c\n", strict: "" };

    test("refuses a package that nothing pins, where that is wanted", async (context) => {
        const { exitCode, stderr, list } = await install(context, strict, { AFTER: "a==1\\nB.c==2\\nD==3\\n" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /^ERROR: Package versions are not pinned: d: \.\/ops\/dallinger pin writes/m);
        assert.equal(list, undefined);
    });

    test("does not count what prepare_docker_image.sh has installed before", async (context) => {
        const variables = { BEFORE: "D==3\\n", AFTER: "a==1\\nD==3\\n" };
        assert.equal((await install(context, strict, variables)).exitCode, 0);
    });

    test("fails when pip does", async (context) => {
        assert.equal((await install(context, { "requirements.txt": "a\n" }, { STATUS: "3" })).exitCode, 3);
    });
});

async function install(
    context: TestContext,
    files: Readonly<Record<string, string>>,
    variables: Readonly<Record<string, string>> = {},
) {
    const standard = { "dallinger.txt": "", "pinned.txt": "" };
    const packages = temporaryFolder(context, { ...standard, ...files, "install.sh": SCRIPT });
    const python = `#!/bin/sh\ncase $1 in -m) echo "$*" >>"$NOTES/compiled" ;; *) echo '${packages}/site' ;; esac\n`;
    const bin = temporaryFolder(context, { pip: { script: PIP }, python3: { script: python } });
    const notes = temporaryFolder(context);
    const { exitCode, stdout, stderr } = await execa("sh", [join(packages, "install.sh")], {
        env: {
            BEFORE: "",
            AFTER: "",
            ...variables,
            NOTES: notes,
            VIRTUAL_ENV: notes,
            PATH: [bin, process.env.PATH].join(delimiter),
        },
        reject: false,
    });
    const note = (name: string) => {
        const file = join(notes, name);
        return existsSync(file) ? readFileSync(file, "utf8") : undefined;
    };
    const calls = (note("calls") ?? "").split("\n").filter((line) => line !== "");
    return {
        exitCode,
        stdout,
        stderr,
        calls,
        tested: note("tested"),
        compiled: note("compiled"),
        list: note("constraints.txt"),
        packages,
    };
}
