import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { assertRefused } from "../../../support/refusal.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground } from "../moving/ground.ts";

/** Name of the units by which systemd saves the app. */
export const unit = "dlgr-app-recall-backup";

/** Paths of the scheduled backups on a server. */
export async function scheduledOn(server: TestServer): Promise<string[]> {
    const found = await server.shell(
        "cd /srv/dallinger/backups && grep -lx scheduled */*/kind | sed 's|/kind$||' | sort || true",
    );
    return found.split("\n").filter((path) => path !== "");
}

/** Waits until a server has made so many. */
async function untilMade(server: TestServer, number: number): Promise<void> {
    await server.shell(
        `for _ in $(seq 300); do [ "$(grep -lx scheduled /srv/dallinger/backups/*/*/kind 2>/dev/null | wc -l)" -lt ${number} ] || exit 0; sleep 1; done; journalctl -u ${unit} | tail -n 20 >&2; exit 1`,
    );
}

/** A schedule that is none for the server's systemd changes nothing there. */
export async function refusesNoTime({ stack, from }: Ground): Promise<void> {
    await stack.configure({ "experiment.backup.schedule": "*-*-* 25:00" });
    await assertRefused(stack, from.server, [
        '"*-*-* 25:00" (dallinger:experiment.backup.schedule) is no time for systemd on this server',
    ]);
}

/** From the next `up` on, the server makes backups by itself. No container restarts for it. */
export async function savesByItself({ operator, stack, from }: Ground): Promise<void> {
    const app = new AppOnServer(from.server);
    const before = await app.containers();
    await stack.configure({ "experiment.backup.schedule": "*:0/1", "experiment.backup.keep": "2" });
    await stack.up();
    assert.deepEqual(stack.changed.toSorted(), ["experiment", "experiment-claim", "experiment-schedule"]);
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
    await untilMade(from.server, 1);
    // From here on by hand: systemd goes on each minute, and would be in the way.
    await stack.configure({ "experiment.backup.schedule": "weekly" });
    await stack.up();
    assert.deepEqual(stack.changed.toSorted(), ["experiment", "experiment-claim", "experiment-schedule"]);
    await from.server.shell(`while systemctl is-active --quiet ${unit}.service; do sleep 1; done`);
    assert.deepEqual(await app.containers(), before);
}

/** Of the scheduled ones so many stay as the stack says, and all others. */
export async function keepsTheLast({ operator, from }: Ground, byHand: string): Promise<void> {
    const earlier = await scheduledOn(from.server);
    for (let made = 0; made < 2; made++) await from.server.run("systemctl", "start", `${unit}.service`);
    const left = await scheduledOn(from.server);
    assert.equal(left.length, 2);
    assert.deepEqual(
        left.filter((path) => earlier.includes(path)),
        [],
    );
    const listed = await dallinger(operator, from.stack, "backups", "list", "--json");
    assert.deepEqual([listed.exitCode, listed.stderr], [0, ""]);
    const kinds = new Map(
        JSON.parse(listed.stdout).map(({ path, kind }: { path: string; kind: string }) => [path, kind]),
    );
    assert.deepEqual(Object.fromEntries(kinds), {
        [byHand]: "manual",
        ...Object.fromEntries(left.map((path) => [path, "scheduled"])),
    });
}

/** One that cannot be made is noticed by who looks, until one is made. */
export async function tellsOfFailure({ operator, from }: Ground): Promise<void> {
    const redis =
        "docker ps -aq --filter label=com.docker.compose.project=dlgr-app-recall --filter label=com.docker.compose.service=redis";
    const before = await scheduledOn(from.server);
    await from.server.shell(`docker pause $(${redis})`);
    // A paused container answers nobody: the answer of docker is that it is paused.
    await from.server.shell(`! systemctl start ${unit}.service`);
    await from.server.shell(`docker unpause $(${redis})`);
    const says = /at \S+Z:? a scheduled backup was not made: .*Redis of recall does not answer/;
    const listed = await dallinger(operator, from.stack, "backups", "list");
    assert.equal(listed.exitCode, 3);
    assert.match(listed.stderr, new RegExp(`^recall, ${says.source}`, "m"));
    const check = await dallinger(operator, "recall", "check");
    assert.equal(check.exitCode, 3);
    assert.match(check.stdout, new RegExp(`^backups: ${says.source}`, "m"));
    assert.deepEqual(await scheduledOn(from.server), before);
    await from.server.run("systemctl", "start", `${unit}.service`);
    assert.equal((await dallinger(operator, from.stack, "backups", "list")).exitCode, 0);
    // A pause longer than a probe has docker call it unhealthy until the next one.
    const health = `docker inspect --format '{{.State.Health.Status}}' $(${redis})`;
    await from.server.shell(`for _ in $(seq 120); do [ "$(${health})" != healthy ] || exit 0; sleep 1; done; exit 1`);
}

/** A timer that somebody has stopped is seen, and comes back. */
export async function comesBackToSchedule({ operator, stack, from }: Ground): Promise<void> {
    await from.server.run("systemctl", "stop", `${unit}.timer`);
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stdout], [3, `backups: ${unit}.timer is not active`]);
    assert.equal((await dallinger(operator, "recall", "mend")).exitCode, 0);
    await stack.up();
    assert.equal((await dallinger(operator, "recall", "check")).exitCode, 0);
}

/** Without a schedule nothing of it is left. */
export async function endsSchedule({ stack, from }: Ground): Promise<void> {
    await stack.configure({ "experiment.backup.schedule": "", "experiment.backup.keep": "" });
    await stack.up();
    assert.equal(await from.server.shell(`ls /etc/systemd/system | grep ${unit} || true`), "");
    assert.equal(await from.server.shell(`systemctl list-timers --all | grep -c ${unit} || true`), "0");
}
