import { chmodSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";
import { writeBackup } from "../serverScripts.ts";
import { AppScripts } from "./appScript.ts";

/**
 * Answers as restic does whose repository is the folder `repo` here: a snapshot is a folder in it. It notes what it was called with and
 * what of its environment opens a repository; what the file `fails` has in its words fails, and what `half` has saves only a part. Of
 * each snapshot the file `snapshots` has a line `ID NAME`.
 */
const restic = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/restic.calls"
env | grep -E '^(AWS_|RESTIC_|TZ=)' | sort >"$here/restic.env"
case "$*" in *"$(cat "$here/fails" 2>/dev/null || echo never)"*) echo "Fatal: $(cat "$here/why" 2>/dev/null || echo no)" >&2; exit 1 ;; esac
for last; do :; done
name=$(echo "$*" | sed -n 's/.*dallinger-backup=\\([^ ]*\\).*/\\1/p')
case "$*" in
*" init") mkdir "$here/repo" && : >"$here/snapshots" && echo made >>"$here/inits" ;;
*" cat config") [ -e "$here/repo" ] || { echo "Fatal: unable to open config file: stat config: no such file" >&2; exit 1; }
    printf '{\\n  "version": 2,\\n  "id": "%064x",\\n  "chunker_polynomial": "2b"\\n}\\n' "$(wc -l <"$here/inits")" ;;
*" list keys") cat "$here/keys" 2>/dev/null || echo 0a1b ;;
*" backup "*) [ ! -e "$here/meanwhile" ] || . "$here/meanwhile"; mkdir -p "$here/repo$last" && cp -r "$last/." "$here/repo$last/"
    printf '%064x %s\\n' "$(grep -c ' backup ' "$here/restic.calls")" "$name" >>"$here/snapshots"
    case "$*" in *"$(cat "$here/half" 2>/dev/null || echo never)"*) echo "Warning: at least one source file could not be read" >&2; exit 3 ;; esac ;;
*" forget "*) [ ! -e "$here/while-forgetting" ] || . "$here/while-forgetting"
    case "$*" in
    *" --keep-last "*) sort -rk 2 "$here/snapshots" | awk -v rules="$* " '{ keep = rules; sub(/.*--keep-last /, "", keep) } NR <= keep + 0 || index(rules, "=" $2 " ")' ;;
    *" --host "*) cat "$here/snapshots" ;;
    *) grep -vF "$(echo "\${*##* forget }" | tr ' ' '\\n')" "$here/snapshots" ;;
    esac >"$here/snapshots.kept"
    mv "$here/snapshots.kept" "$here/snapshots" ;;
*" stats "*) [ -n "$(ls -A "$here/repo")" ] || { echo "Fatal: no snapshot" >&2; exit 1; }; echo '{"total_size":100,"total_file_count":3}' ;;
*" restore "*) mkdir -p "$last" && cp -r "$here/repo/." "$last/" ;;
*" snapshots "*) [ ! -e "$here/while-telling" ] || . "$here/while-telling"; grep " $name$" "$here/snapshots" | sed 's/^\\(.\\{8\\}\\)\\([^ ]*\\) .*/{"time":"then","tree":"0a","id":"\\1\\2","short_id":"\\1"}/' | paste -s -d , | sed 's/.*/[&]/' ;;
esac`;

export const described = {
    "repository/url": "s3:https://s3.lab.example/backups",
    "repository/password": "w0rd",
    "repository/access-key-id": "the-id",
    "repository/secret-access-key": "the-key",
    "repository/ca.pem": "PEM\n",
};

/** An app with such a repository, or with other files. */
export function appWithRepository(t: TestContext, files: Readonly<Record<string, string>> = described): AppScripts {
    // Only root has a host name of its own.
    const hostName = 'echo "$1" >>"$(dirname "$0")/../machine/restic.hosts"; shift; exec "$@"';
    const app = new AppScripts(t, "", {
        "bin/host-name.sh": hostName,
        owner: "the-owner\n",
        "server/id": "the-server\n",
        "machine/restic": restic,
        ...files,
    });
    chmodSync(join(app.folder, "machine/restic"), 0o755);
    return app;
}

export const shelfOf = (app: AppScripts) => join(app.folder, "backups", basename(app.folder));

/** A complete backup of the app. */
export async function saved(
    app: AppScripts,
    name: string,
    files: Readonly<Record<string, string>> = {},
): Promise<string> {
    const folder = join(shelfOf(app), name);
    const all = { "database.dump": "a dump", rows: "info 1\n", kind: "scheduled\n", owner: "the-owner\n", ...files };
    await writeBackup(folder, all);
    return folder;
}

const sources = ["tables", "drain", "backup", "repository"].map((source) => `. "$bin/${source}.sh"`).join("\n");
export const run = (app: AppScripts, text: string) =>
    app.run(`${sources}\nsleep() { :; }\ndf() { echo 1000000000; }\nmkdir -p "$folder/log"\n${text}`);
export const opened = 'open_repository "$repository"';
export const callsOf = (app: AppScripts) =>
    app.has("machine/restic.calls")
        ? readFileSync(join(app.folder, "machine/restic.calls"), "utf8").trimEnd().split("\n")
        : [];

/** Of which repository a backup's folder says that it has it, by its place. */
export const placeOf = (folder: string) => readFileSync(join(folder, "off-server"), "utf8").split("\n")[0];

/** Names of the backups of which the repository has snapshots, one for each. */
export const snapshotsIn = (app: AppScripts) =>
    app
        .text("machine/snapshots")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split(" ")[1]);
