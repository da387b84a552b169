import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { layoutVersion } from "../../../components/targets/server/serverNames.ts";
import { AppScripts, type ScriptRun } from "./appScript.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A database as the copies of its tables come out of it (copies.sh). Its dump is the same text: restored, it is the same database. */
export function databaseOf(tables: Readonly<Record<string, string>>): string {
    const names = Object.keys(tables).map((name) => `${name}\n`);
    const rows = Object.values(tables).map((csv, index) => `: table ${index + 1}\n${base64(csv)}\n`);
    return `: names\n${base64(names.join(""))}\n${rows.join("")}`;
}

/** What an app has that is to be saved. */
const files = {
    "machine/database": databaseOf({ info: "id\n1\n", node: "id\n" }),
    "machine/dump.rdb": "jobs",
    "files/note": "a file",
    "current/record.json": "the record",
    "current/compose.yaml": "the containers",
    "current/secrets": "correct horse\n",
    "log/former/web-20260101T120000Z.log.gz": "a former log",
    owner: "the-owner",
    "looked-up": "the image",
    "launch-started": "then",
    "launch.json": "the launch",
};

/** Docker of such an app. `failing` are cases for `case` of `sh` that come first, of "ARGUMENTS INPUT"; $here is a folder for state. */
function docker(failing: string): string {
    return `
here=$(dirname "$0")
for last; do :; done
input=
[ "$1" != exec ] || input=$(cat)
echo "$* $input" >>"$CALLS.read"
case "$* $input" in
${failing}
"info "*) echo "$here" ;;
"volume inspect "*) exit 1 ;;
"ps -aq "*service=*) service=\${*#*service=}; echo "\${service%% *}" ;;
"logs "*) echo "log of $last" ;;
"cp -q redis:/data/dump.rdb "*) cp "$here/dump.rdb" "$last" ;;
"cp -q redis:/data "*) mkdir -p "$last" && cp "$here/dump.rdb" "$last/" ;;
*"redis-cli PING"*) echo PONG ;;
*"redis-cli LASTSAVE"*) cat "$here/written" 2>/dev/null || echo 100 ;;
*"redis-cli BGSAVE"*) echo $(($(cat "$here/written" 2>/dev/null || echo 100) + 1)) >"$here/written.new"; mv "$here/written.new" "$here/written"; echo "Background saving started" ;;
*"redis-cli INFO persistence"*) printf 'rdb_bgsave_in_progress:0\\r\nrdb_last_bgsave_status:ok\\r\naof_rewrite_in_progress:0\\r\n' ;;
*"FROM pg_database WHERE"*) echo 1 ;;
*"sha256sum /data/dump.rdb"*) sha256sum <"$here/dump.rdb" ;;
*pg_database_size*) echo 1000 ;;
*pg_restore*) printf '%s\\n' "$input" >"$here/scratch" ;;
*PGDATABASE=app_*"BEGIN ISOLATION"*) echo ": dump"; base64 "$here/database"; echo ": dumped 0"; cat "$here/database"; echo ": complete" ;;
*PGDATABASE=check_*"BEGIN ISOLATION"*) cat "$here/scratch"; echo ": complete" ;;
*"SELECT count(*) FROM (SELECT row_number"*) echo 2 ;;
*PGDATABASE=check_*"SELECT name || ' ' ||"*) printf 'info 1\\nnode 0\\n' ;;
esac`;
}

/** An app whose data can be saved, with docker failing in a way of the test's (`docker`) and other files (`""`: none). */
export function appToSave(
    context: TestContext,
    failing = "",
    other: Readonly<Record<string, string>> = {},
): AppScripts {
    const all = Object.entries({ ...files, ...other }).filter(([, text]) => text !== "");
    return new AppScripts(context, docker(failing), Object.fromEntries(all));
}

const roomyServer = 'files=$folder/files\nmkdir -p "$backups"\nsleep() { :; }\ndf() { echo 1000000000000; }';

/** Saves it drained, on a server with room for that and as its removal does: what comes after would drop it. `before` is run first. */
export function save(app: AppScripts, before = ""): ScriptRun {
    const sources = ["tables", "copies", "backup-room", "repository", "schedule", "drain", "backup"].map(
        (source) => `. "$bin/${source}.sh"`,
    );
    return app.run(`${sources.join("\n")}\n${roomyServer}\n${before}\nbackup\necho dropped`);
}

/** Saves it on such a server while it works on. */
export function saveLive(app: AppScripts, before = "", ...words: string[]): ScriptRun {
    app.put("server/layout.json", `{\n  "version": ${layoutVersion},\n  "id": "the-id"\n}\n`);
    return app.run(`. "$bin/verbs/backup.sh"\n${roomyServer}\n${before}\nverb_backup ${words.join(" ")}`);
}

/** The folder that the app's backup is said to be in; nothing without one. */
export function namedBackup(app: AppScripts): string | undefined {
    const name = join(app.folder, "backup");
    return existsSync(name) ? readFileSync(name, "utf8").trimEnd() : undefined;
}

/** All that docker was asked, with what it was given to read. */
export function askedOf(app: AppScripts): string {
    return readFileSync(join(app.folder, "calls.read"), "utf8");
}
