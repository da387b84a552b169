import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { readTemplate } from "../../../components/remote/templates.ts";
import { appNames } from "../../../components/targets/server/appNames.ts";
import { doorFiles, VERBS } from "../../../components/targets/server/doors.ts";
import * as names from "../../../components/targets/server/serverNames.ts";
import { temporaryFolder } from "../../unit/image/temporaryFolder.ts";

/** Names that the program and the scripts both know, by what the scripts have them in. */
const app = appNames("recall");
const known = {
    server: names.serverFolder,
    backups: names.backupsFolder,
    postgres: names.postgresContainer,
    caddy: names.caddyContainer,
    layout_version: String(names.layoutVersion),
    database: app.database,
    project: app.project,
    files: app.files,
    "root/apps/$app": app.folder,
};

suite("the scripts on a server", () => {
    test("have its places and names, and an app's, as the program has them", async (context) => {
        const scripts = doorFiles("app").map(({ path, content }) => [`recall/${path}`, content]);
        const bin = join(temporaryFolder(context, Object.fromEntries(scripts)), "recall/bin");
        const shown = Object.keys(known).map((name) => `printf '%s\\n' "$${name}"`);
        const { stdout } = await execa("sh", ["-euc", ["bin=$1", '. "$bin/app.sh"', ...shown].join("\n"), "sh", bin]);
        assert.deepEqual(stdout.split("\n"), Object.values(known));
    });

    for (const door of ["app", "server"] as const) {
        test(`are a verb each that the program knows, behind the door of the ${door}, which explains it`, () => {
            const files = doorFiles(door).map(({ path, content }) => [path, content] as const);
            const verbs = files.flatMap(([path]) => /^bin\/verbs\/(\w+)\.sh$/.exec(path)?.[1] ?? []);
            assert.deepEqual(verbs.toSorted(), [...VERBS[door]].toSorted());
            const text = new Map(files).get(`bin/${door}`) ?? "";
            const explained = [...text.matchAll(/^# {3}(\w+) /gm)].map(([, verb]) => verb);
            assert.deepEqual([...new Set(explained)].toSorted(), verbs.toSorted());
        });
    }

    test("write none of them out in another way", () => {
        const beginnings = [names.serverProject, names.accessNetwork, appNames("x").project.replace(/-x$/, "")];
        const folders = [names.serverFolder.replace(/\/server$/, ""), names.backupsFolder];
        for (const { path, content } of [...doorFiles("app"), ...doorFiles("server")]) {
            for (const [name] of content.matchAll(/\bdlgr-[a-z]+/g)) assert.ok(beginnings.includes(name), path);
            for (const [folder] of content.matchAll(/\/srv\/[\w/]+/g)) assert.ok(folders.includes(folder), path);
        }
    });

    test("let apps into their databases by the beginning of the databases' names", () => {
        const start = appNames("x").database.replace(/x$/, "");
        assert.ok(readTemplate("server/verbs/services.sh").includes(`local "${start}%s"`));
        for (const file of ["pg_hba.conf", "pg_ident.conf"]) {
            assert.match(readTemplate(`server/${file}`), new RegExp(`/\\^${start}( |$)`, "m"));
        }
    });
});
