import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";

const begin = ["tables", "copies", "repository", "schedule", "drain", "backup"]
    .map((source) => `. "$bin/${source}.sh"`)
    .join("\n");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const names = `: names\n${base64("info\nnode\n")}`;
const dump = `: dump\n${base64("PGDMP")}\n: dumped 0`;
const tables = `: table 1\n${base64("id\n1\n")}\n: table 2\n${base64("id\n")}`;
const whole = `${dump}\n${names}\n${tables}\n: complete\n`;

function write(scripts: AppScripts, stream: string, room = 1000, program = "") {
    return scripts.run(`${begin}\nmkdir "$folder/out"\nwrite_copies "$folder/out" ${room} '${program}'`, stream);
}

suite("the copies of a database that come as a stream", { skip: process.platform !== "linux" }, () => {
    test("are files when all of it has come", (t) => {
        const scripts = new AppScripts(t, "");
        const { status, stderr } = write(scripts, whole);
        assert.deepEqual([status, stderr], [0, ""]);
        const read = (name: string) => readFileSync(join(scripts.folder, "out", name), "utf8");
        assert.deepEqual(["dump", "names", "1", "2"].map(read), ["PGDMP", "info\nnode\n", "id\n1\n", "id\n"]);
    });

    test("become what a program makes of a table, and only of a table", (t) => {
        const scripts = new AppScripts(t, "");
        assert.equal(write(scripts, whole, 1000, " | wc -c").status, 0);
        assert.equal(readFileSync(join(scripts.folder, "out/1"), "utf8").trim(), "5");
        assert.equal(readFileSync(join(scripts.folder, "out/names"), "utf8"), "info\nnode\n");
    });

    const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
        "its end is missing": [`${dump}\n${names}\n${tables}\n`, /^the stream has ended too early$/m],
        "nothing has come": ["", /^the stream has ended too early$/m],
        "pg_dump has failed": [whole.replace("dumped 0", "dumped 1"), /^pg_dump has ended with status 1$/m],
        "the runtime has started nothing": ["OCI runtime exec failed: exec failed\n", /^OCI runtime exec failed/m],
        "psql says something": [whole.replace(": names", "ERROR: x\n: names"), /could not be written|ERROR/m],
        "a part is none": [whole.replace(": table 2", ": table ../2"), /^: table \.\.\/2$/m],
        "something follows": [`${whole}: dump\n`, /^there is something behind the end of the stream$/m],
    };
    for (const [what, [stream, message]] of Object.entries(broken)) {
        test(`count for nothing where ${what}`, (t) => {
            const { status, stderr } = write(new AppScripts(t, ""), stream);
            assert.notEqual(status, 0);
            assert.match(stderr, message);
        });
    }

    test("end before they fill the disk, when they are larger than expected", (t) => {
        const large = whole.replace(base64("id\n1\n"), `${"A".repeat(76)}\n`.repeat(100).trimEnd());
        const { status, stderr } = write(new AppScripts(t, ""), large, 2000);
        assert.notEqual(status, 0);
        assert.match(stderr, /^the copies of the database are larger than expected, and would fill the disk$/m);
    });

    test("count for nothing where a part cannot be written", (t) => {
        const scripts = new AppScripts(t, "");
        const { status, stderr } = scripts.run(
            `${begin}\nmkdir "$folder/out"\nln -s /dev/full "$folder/out/2"\nwrite_copies "$folder/out" 1000 ''`,
            whole,
        );
        assert.notEqual(status, 0);
        assert.match(stderr, /No space left on device[\s\S]*a part of the stream could not be written/);
    });
});

suite("a stream of copies", { skip: process.platform !== "linux" }, () => {
    const receive = (t: ConstructorParameters<typeof AppScripts>[0], first: string) => {
        const streams = `case "$*" in *-At*) cat >/dev/null; n=$(grep -c -e DATABASE=app_x "$CALLS"); if [ "$n" = 1 ]; then echo 2`;
        const scripts = new AppScripts(
            t,
            `${streams}; elif [ "$n" = 2 ]; then printf '${first}'; else cat "$STREAM"; fi ;; esac`,
        );
        scripts.put("stream", whole);
        const text = 'export STREAM=$folder/stream\nsleep() { :; }\nroom_for_copies=1000\nmkdir "$folder/out"';
        return scripts.run(`${begin}\n${text}\nreceive_copies app_x yes "$folder/out" ""`);
    };

    test("that the runtime could not start is tried again", (t) => {
        assert.equal(receive(t, "OCI runtime exec failed\\n").status, 0);
    });

    test("that has begun and broken off is not", (t) => {
        const { status, calls } = receive(t, ": dump\\nUEc=\\n");
        assert.deepEqual([status, calls.length], [1, 2]);
    });
});

suite("a table's name", { skip: process.platform !== "linux" }, () => {
    const naming = (scripts: AppScripts, listed: string) => {
        const made = 'mkdir -p "$folder/s/parts" "$folder/s/tables"\nstaging=$folder/s\ncat >"$staging/parts/names"';
        const parts = 'echo d >"$staging/parts/dump"\nfor n in 1 2; do echo $n >"$staging/parts/$n"; done';
        return scripts.run(`${begin}\n${made}\n${parts}\nname_tables && ls "$staging/tables"`, listed);
    };

    test("that is ordinary, or written out, is its file's", (t) => {
        const { status, stdout } = naming(new AppScripts(t, ""), "participant\nnotes.a%20b~0123\n");
        assert.deepEqual([status, stdout], [0, "notes.a%20b~0123.csv\nparticipant.csv\n"]);
    });

    for (const name of ["../../escaped", "a b", "", "$(id)", "a\\nb", "info\ninfo"]) {
        test(`never becomes a path or two that it is not (${JSON.stringify(name)})`, (t) => {
            assert.notEqual(naming(new AppScripts(t, ""), `${name}\n`).status, 0);
        });
    }
});
