import assert from "node:assert/strict";
import { dallinger } from "../projectCommand.ts";
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

/** A backup for which there is no room makes `destroy` keep everything. */
export async function keepsWhatItCannotSave({ stack, site, server }: Ground): Promise<void> {
    await server.shell("mount -t tmpfs -o size=16k tmpfs /srv/dallinger/backups");
    const error = await stack.refusal(() => stack.destroy());
    assert.match(error, /the backup of recall could not be made and verified, so nothing is dropped/);
    await server.shell("umount /srv/dallinger/backups");
    await stack.up();
    assert.equal((await site.get("/summary")).status, 200);
}
