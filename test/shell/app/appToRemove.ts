import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppVerb } from "../../../components/targets/server/doors.ts";
import { ScriptedApp } from "./appOnServer.ts";

/** How a part of the removal is called: the verb, and what it is given. */
export function removal(...words: string[]): readonly [verb: AppVerb, words: readonly string[]] {
    return ["remove", words];
}

/**
 * A server whose state is in files: `database` is there with the app's database, `containers` has a line "ID SERVICE" for each
 * container, `volume` is Redis's, `network` the app's, in which Caddy is not any more. A web ends as long as there is a file `ends`, and PostgreSQL does not answer
 * as long as there is one `down`. Docker does not list the things that are named in `silent`.
 */
const docker = `
mine() { grep " $1\\$" "$STATE/containers" 2>/dev/null | cut -d' ' -f1; }
case "$*" in
"ps -aq "*service=*) service=\${*#*service=}; mine "\${service%% *}" ;;
"inspect --format {{.State.Running}}"*) echo true ;;
"stop web"*) while [ -e "$STATE/ends" ]; do sleep 0.05; done; sed -i "/ web\\$/d" "$STATE/containers" ;;
"stop "*) sed -i "/^$2 /d" "$STATE/containers" ;;
"$(cat "$STATE/silent" 2>/dev/null || echo none) ls "*) exit 1 ;;
"container ls -aq"*) cut -d' ' -f1 "$STATE/containers" 2>/dev/null || : ;;
"container rm "*) : >"$STATE/containers" ;;
"volume ls -q"*) cat "$STATE/volume" 2>/dev/null || : ;;
"volume rm "*) rm "$STATE/volume" ;;
"network ls -q"*) cat "$STATE/network" 2>/dev/null || : ;;
"network disconnect "*) exit 1 ;;
"network rm "*) rm "$STATE/network" ;;
"image rm "*used*) exit 1 ;;
*psql*)
    [ ! -e "$STATE/down" ] || exit 2
    sql=$(cat)
    case $sql in
    *"FROM pg_database"*) if [ -e "$STATE/database" ]; then echo 1; else echo 0; fi ;;
    *"DROP DATABASE"*) rm -f "$STATE/database"; [ ! -e "$STATE/lost" ] ;;
    esac ;;
*redis-cli*) echo 0 ;;
esac`;

/** A backup is made of what there is, and noted as the scripts do. */
const backup = `backup() {
    if [ -s "$folder/backup" ] && [ -d "$(cat "$folder/backup")" ]; then return; fi
    [ -e "$STATE/database" ] || exit 9
    mkdir -p "$backups/$app/20260101T120000Z"
    echo "$backups/$app/20260101T120000Z" >"$folder/backup"
}`;

/** An app with all that a removal takes away. `saving` is what its backup is, for `sh`. */
export async function appToRemove({ name = "recall", saving = backup } = {}) {
    const app = await ScriptedApp.create({ docker, scripts: { "backup.sh": saving } }, name);
    const state = (file: string) => join(app.root, "state", file);
    await writeFile(state("database"), "");
    await writeFile(state("volume"), "dlgr-app-recall-redis\n");
    await writeFile(state("network"), "dlgr-app-recall\n");
    await writeFile(state("containers"), "web web\nworker worker\nredis redis\npgbouncer pgbouncer\n");
    await app.put("database-made", "");
    await app.put("database-applied", "the sum");
    await app.put("releases/0123456789ab/image", "registry.example/image@sha256:1\n");
    return {
        app,
        state,
        /** Runs a part of the removal to its end. */
        remove: async (...words: string[]) => {
            const { exitCode, stderr } = await app.start(...removal(...words));
            return { exitCode, stderr };
        },
        /** What of it is left in docker and PostgreSQL. */
        left: async () => (await readdir(join(app.root, "state"))).toSorted(),
        [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    };
}
