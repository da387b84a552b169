import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { suite, test } from "node:test";
import { ScriptedApp } from "./appOnServer.ts";

/** A server on which nothing of the app runs, and Redis has a volume where $STATE/volume is. */
const docker = `
case "$*" in
"volume inspect "*) cat "$STATE/volume" 2>/dev/null ;;
"compose "*) exit 1 ;;
esac`;

const payload = [
    { path: "site.caddy", content: "" },
    { path: "urls", content: "" },
    { path: "patience", content: "1" },
];

suite("the site of an app whose removal was broken off", { skip: process.platform !== "linux" }, () => {
    test("does not come back where the release is gone, and the backup's name stays", async () => {
        await using app = await ScriptedApp.create({ docker });
        await app.put("backup", "/srv/dallinger/backups/recall/20260101T120000Z");
        const { exitCode, stderr } = await app.start("site", [], payload);
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /a removal of recall was broken off when its release had gone already: `\.\/ops\/dallinger mend`, then `\.\/pulumi up`, .*; `\.\/pulumi destroy` ends the removal$/,
        );
        assert.ok(app.has("backup"));
    });

    test("does not start an app whose Redis is gone", async () => {
        await using app = await ScriptedApp.create({ docker });
        await app.put("backup", "/srv/dallinger/backups/recall/20260101T120000Z");
        await mkdir(app.path("releases/0123456789ab"), { recursive: true });
        await symlink("releases/0123456789ab", app.path("current"));
        const { exitCode, stderr } = await app.start("site", [], payload);
        assert.equal(exitCode, 1);
        assert.match(stderr, /a removal of recall was broken off/);
        assert.ok(app.has("backup"));
        assert.ok(!(await app.calls()).some((call) => call.startsWith("compose")));
    });
});
