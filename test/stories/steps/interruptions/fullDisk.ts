import assert from "node:assert/strict";
import { dallinger } from "../../../support/projectCommand.ts";
import type { Ground } from "../releases/ground.ts";

/** Where less is free than has to be, no image is pulled, and what could go is named. */
export async function refusesToFill({ stack, experiment, app, site }: Ground): Promise<void> {
    const web = await app.web();
    await stack.configure({ "experiment.limits.freeSpace": "99999g" });
    await experiment.change();
    const error = await stack.refusal(() => stack.up());
    assert.match(error, /pulling \S+ needs more room: \d+ MiB are free in \S+, and \d+ MiB have to be/);
    assert.match(error, /what could be pruned there:\n/);
    assert.match(error, /`sudo docker image prune -a` removes images that no container uses/);
    assert.equal(await app.web(), web);
    assert.equal((await site.get("/summary")).status, 200);
    await stack.configure({ "experiment.limits.freeSpace": "" });
    await stack.up();
}

/** A release that cannot write any more leaves the one before serving. */
export async function survivesFullDisk({ stack, experiment, app, site, server, operator }: Ground): Promise<void> {
    const web = await app.web();
    await server.shell(fullFolder("/srv/dallinger/apps/recall"));
    await experiment.change();
    const error = await stack.refusal(() => stack.up());
    assert.match(error, /No space left on device/);
    assert.equal(await app.web(), web);
    assert.equal((await site.get("/summary")).status, 200);
    await server.shell("umount /srv/dallinger/apps/recall");
    await stack.up();
    const check = await dallinger(operator, "recall", "check");
    assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
}

/** Puts a folder onto a disk of its own that is full: with everything that is in it, and room for not one byte more. */
function fullFolder(folder: string): string {
    return [
        "disk=$(mktemp -d)",
        `mount -t tmpfs -o "size=$(du -sk ${folder} | cut -f1)k" tmpfs "$disk"`,
        `cp -a ${folder}/. "$disk" || :`,
        `mount --move "$disk" ${folder} || { mount --bind "$disk" ${folder}; umount "$disk"; }`,
        `cat /dev/zero >${folder}/full 2>/dev/null || :`,
    ].join("\n");
}

/** A backup for which there is no room is not begun, and `destroy` keeps everything. */
export async function keepsWhatItCannotSave({ stack, site, server }: Ground): Promise<void> {
    await server.shell(`mount -t tmpfs -o size=16k tmpfs ${backups}`);
    const error = await stack.refusal(() => stack.destroy());
    assert.match(
        error,
        /the backup of recall needs more room, so nothing is dropped: 0 MiB are free in \S+, and \d+ MiB/,
    );
    assert.match(error, /`sudo docker image prune -a` on the server removes images/);
    await server.shell(`umount ${backups}`);
    await stack.up();
    assert.equal((await site.get("/summary")).status, 200);
}

const backups = "/srv/dallinger/backups";

/** What a backup does on the server, by the command that it begins with, as a pattern of `case`. */
const stepsOfBackup: Readonly<Record<string, readonly [program: string, pattern: string]>> = {
    "the dump and the tables": ["docker", '"exec -i -u nobody "*psql*'],
    "the check of the dump": ["docker", '"exec -i -u nobody "*pg_restore*'],
    "the files": ["tar", '*"/files.tar ."'],
    Redis: ["docker", '"cp -q "*'],
    "the logs": ["docker", '"logs --timestamps "*'],
    "the checksums": ["sha256sum", '"./"*'],
};

/** A disk that is full at any step of a backup leaves nothing of it, and the app goes on. */
export async function survivesFullBackups({ stack, site, server, app }: Ground): Promise<void> {
    const containers = await app.containers();
    await server.shell(`mount -t tmpfs -o size=2g tmpfs ${backups}`);
    for (const [step, [program, pattern]] of Object.entries(stepsOfBackup)) {
        await server.shell(`mount -o remount,size=2g ${backups}`);
        const file = `/usr/local/sbin/${program}`;
        await server.shell(`cat >${file} && chmod 755 ${file}`, fillingBefore(pattern, program));
        const error = await stack.refusal(() => stack.destroy());
        await server.run("rm", file);
        assert.match(error, /the backup of recall could not be made and verified, so nothing is dropped/, step);
        assert.match(error, /no space left on device|would fill the disk/i, step);
        assert.equal(await server.shell(`find ${backups} -mindepth 1`), "", step);
        assert.deepEqual(
            await app.query("SELECT datname FROM pg_database WHERE datname LIKE 'check%'", "postgres"),
            [],
        );
        assert.deepEqual(await app.containers(), containers, step);
        assert.equal((await app.webs()).length, 1, `the app goes on: ${step}`);
    }
    await server.shell(`umount ${backups}`);
    await stack.up();
    assert.equal((await site.get("/summary")).status, 200);
}

/** In front of a program of the server: the backups' disk gets full the moment before it is run in this way. */
function fillingBefore(pattern: string, program: string): string {
    // Of size 0 a tmpfs has no limit.
    const size = `used=$(du -sk ${backups} | cut -f1) && [ "$used" -gt 0 ] || used=4`;
    const full = `${size}; mount -o remount,size="$used"k ${backups}`;
    return `#!/bin/sh\ncase "$*" in ${pattern}) ${full} ;; esac\nexec /usr/bin/${program} "$@"\n`;
}
