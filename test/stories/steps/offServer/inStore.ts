import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground } from "../moving/ground.ts";
import { type ObjectStore, objectStore, stopStore } from "./objectStore.ts";

/** By which the repositories of this story are encrypted. */
export const password = "one for the backups of the story alone";

const folder = "/srv/dallinger/apps/recall/repository";

/** What the app is configured with to have its backups in the lab's store. */
export async function configureStore({ stack }: Ground, store: ObjectStore): Promise<void> {
    await stack.configure({
        "experiment.backup.repository.url": `s3:${store.url}/backups/recall`,
        "experiment.backup.repository.caCertificate": store.caCertificate,
    });
    await stack.configureSecrets({
        "experimentSecrets.backupPassword": password,
        "experimentSecrets.backupAccessKeyId": store.accessKeyId,
        "experimentSecrets.backupSecretAccessKey": store.secretAccessKey,
    });
}

/** A repository that does not open is refused, with the reason, and the app goes on as it was. */
export async function refusesClosed(ground: Ground): Promise<void> {
    const { stack, from } = ground;
    const before = await new AppOnServer(from.server).containers();
    const store = await objectStore();
    await configureStore(ground, { ...store, secretAccessKey: "not the one of this store" });
    const [error = "", ...others] = readDiagnostics(await stack.refusal(() => stack.up()));
    assert.deepEqual(others, []);
    assert.match(error, /the repository s3:\S+ \(dallinger:experiment\.backup\.repository\) does not open/);
    assert.doesNotMatch(stack.printed, /not the one of this store/);
    assert.equal(await from.server.shell(`ls ${folder} 2>/dev/null || true`), "");
    assert.deepEqual(await new AppOnServer(from.server).containers(), before);
}

/** What opens it is for root alone, and in no state, line or argument. Nothing restarts for a repository. */
export async function opensStore(ground: Ground): Promise<void> {
    const { stack, from } = ground;
    const store = await objectStore();
    const before = await new AppOnServer(from.server).containers();
    await configureStore(ground, store);
    await stack.up();
    // What does not open it has been refused there, behind all else.
    assert.deepEqual(stack.changed, ["experiment-schedule"]);
    assert.deepEqual(await new AppOnServer(from.server).containers(), before);
    assert.equal(await from.server.shell(`find ${folder} -perm /077`), "");
    const secrets = [password, store.secretAccessKey];
    const shown = `${stack.printed}${await stack.command(["stack", "export"])}`;
    for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown");
    const check = await dallinger(ground.operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
}

/** A backup is in the repository, too, and both lists say so. @returns its path. */
export async function sendsAway({ operator, from }: Ground): Promise<string> {
    await using watched = await watchArguments(from.server);
    const made = await dallinger(operator, "recall", "backups", "make");
    assert.equal(made.exitCode, 0, made.stderr);
    assert.match(made.stderr, /^sending \S+ to the repository, \S+$/m);
    const said = await watched.seen();
    assert.match(said, /restic/);
    assert.ok(!said.includes(password) && !said.includes("c2VjcmV0"), "a secret is among arguments");
    const listed = await dallinger(operator, from.stack, "backups", "list");
    assert.match(listed.stdout, new RegExp(`^${made.stdout} +manual +\\S+ .?B +in the repository$`, "m"));
    assert.deepEqual(await inRepository({ operator }), [made.stdout]);
    return made.stdout;
}

/** Paths of the backups that the app's repository has. */
export async function inRepository({ operator }: Pick<Ground, "operator">): Promise<string[]> {
    const listed = await dallinger(operator, "recall", "backups", "list", "--repository", "--json");
    assert.equal(listed.exitCode, 0, listed.stderr);
    return JSON.parse(listed.stdout).map(({ path }: { path: string }) => path);
}

/** All arguments of all processes of a server, looked at again and again until that is disposed. */
async function watchArguments(server: TestServer) {
    const loop =
        "while [ ! -e /tmp/watched ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >>/tmp/arguments; sleep 0.2; done";
    await server.shell(
        `rm -f /tmp/watched /tmp/arguments; nohup setsid sh -c '${loop.replaceAll("'", "'\\''")}' >/dev/null 2>&1 &`,
    );
    return {
        seen: async () => await server.shell("tr -cd '[:print:]' </tmp/arguments"),
        [Symbol.asyncDispose]: async () => void (await server.shell("touch /tmp/watched")),
    };
}

/** A store that does not answer keeps no backup from being made; it is told, and gets what it lacks with the next one. */
export async function missesStore({ operator, from }: Ground, earlier: string): Promise<string[]> {
    await stopStore();
    const alone = await dallinger(operator, "recall", "backups", "make");
    assert.equal(alone.exitCode, 0, alone.stderr);
    assert.match(
        alone.stderr,
        /^the repository s3:\S+ does not have the backup, which is on this server: the lines above say why$/m,
    );
    const says = /at \S+Z:? a backup is on this server alone: its repository does not have it: /;
    const listed = await dallinger(operator, from.stack, "backups", "list");
    assert.equal(listed.exitCode, 3);
    assert.match(listed.stderr, new RegExp(`^recall, ${says.source}`, "m"));
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, says.test(check.stdout)], [3, true], check.stdout);
    const asked = await dallinger(operator, "recall", "backups", "list", "--repository");
    assert.deepEqual([asked.exitCode, /does not answer/.test(asked.stderr)], [1, true], asked.stderr);
    await objectStore();
    const next = await dallinger(operator, "recall", "backups", "make");
    assert.equal(next.exitCode, 0, next.stderr);
    const all = [earlier, alone.stdout, next.stdout];
    assert.deepEqual(await inRepository({ operator }), all);
    assert.equal((await dallinger(operator, "recall", "check")).exitCode, 0);
    return all;
}
