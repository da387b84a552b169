import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { renderPayload } from "../../components/remote/payload.ts";
import { doorFiles } from "../../components/targets/server/doors.ts";
import { ScriptedApp } from "./app/appOnServer.ts";

/** What commands in the states of earlier versions call. */
const named = {
    app: ["database.sh", "release.sh", "site.sh", "launch.sh", "remove.sh"],
    server: ["services.sh", "images.sh", "remove.sh"],
};

/** What the verb gets, in place of the verb. */
const verb = (name: string) =>
    `verb_${name}() { printf '%s\\n' "$*" | sed "s|$folder|.|"; [ ! -d "$1" ] || cat "$1/word"; }`;

suite("a script that the state of an earlier version names", { skip: process.platform !== "linux" }, () => {
    for (const door of ["app", "server"] as const) {
        test(`is there, and leads to the door of the ${door}`, () => {
            const files = new Map(doorFiles(door).map((file) => [file.path, file]));
            for (const script of named[door]) {
                const file = files.get(`bin/${script}`);
                assert.match(file?.content ?? "", /exec "\$bin\/\$door"/);
                assert.equal(file?.mode, "700");
                assert.ok(files.has(`bin/verbs/${script}`));
            }
            assert.ok(files.has(`bin/${door}`));
        });
    }

    test("does what it did: with its words, and with what it was sent", async () => {
        await using app = await ScriptedApp.create({ docker: "" });
        for (const name of ["release", "remove", "launch"]) {
            await writeFile(join(app.folder, `bin/verbs/${name}.sh`), verb(name));
        }
        const removed = await app.call("remove.sh", ["release", "600"]);
        assert.equal(removed.stdout, "release 600", removed.stderr);
        const launched = await app.call("launch.sh", ["apply", "recall.example"]);
        assert.equal(launched.stdout, "apply recall.example", launched.stderr);
        const released = await app.call("release.sh", ["apply"], [{ path: "word", content: "what was sent\n" }]);
        assert.match(released.stdout, /^\.\/payloads\/\d+\.\d+\nwhat was sent$/, released.stderr);
    });

    test("does not succeed where there is no door behind it, as if nothing were left to remove", async () => {
        await using app = await ScriptedApp.create({ docker: "" });
        await rm(app.path("bin/app"));
        const { exitCode, stderr } = await app.call("remove.sh", ["all", "600"]);
        assert.deepEqual([exitCode, /are not complete, and nothing is done/.test(stderr)], [1, true]);
    });

    test("refuses what has not arrived whole", async () => {
        await using app = await ScriptedApp.create({ docker: "" });
        await writeFile(join(app.folder, "bin/verbs/release.sh"), verb("release"));
        const cut = renderPayload([{ path: "word", content: "what was sent\n" }]).slice(0, -4);
        const { exitCode, stderr } = await app.send("release.sh", ["apply"], cut);
        assert.equal(exitCode, 1);
        assert.match(stderr, /the connection was cut before everything had arrived/);
    });
});
