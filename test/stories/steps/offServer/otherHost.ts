import assert from "node:assert/strict";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Ground } from "../moving/ground.ts";
import { inRepository, password } from "./inStore.ts";

/** A user of another host who keeps backups there, and nothing else. */
export interface Keeper {
    readonly url: string;
    readonly hostKey: string;
    readonly privateKey: string;
}

/** Makes such a user. */
export async function newKeeper(host: TestServer): Promise<Keeper> {
    await using scratch = await mkdtempDisposable(join(tmpdir(), "e2e-keeper-"));
    const key = join(scratch.path, "key");
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "backups", "-f", key]);
    const home = "/home/keeper";
    await host.shell(
        `useradd --create-home keeper && install -d -m 700 -o keeper ${home}/.ssh && cat >${home}/.ssh/authorized_keys`,
        await readFile(`${key}.pub`, "utf8"),
    );
    const url = `sftp:keeper@${host.address}:${home}/backups`;
    return { url, hostKey: host.hostKey, privateKey: await readFile(key, "utf8") };
}

/** What the app is configured with to have its backups there. */
export async function configureHost({ stack }: Ground, { url, hostKey, privateKey }: Keeper): Promise<void> {
    await stack.configure({
        "experiment.backup.repository.url": url,
        "experiment.backup.repository.hostKey": hostKey,
        "experiment.backup.repository.caCertificate": "",
        "experimentSecrets.backupAccessKeyId": "",
        "experimentSecrets.backupSecretAccessKey": "",
    });
    await stack.configureSecrets({
        "experimentSecrets.backupPassword": password,
        "experimentSecrets.backupPrivateKey": privateKey,
    });
}

/** A host with another key is not trusted with anything; what was there before goes on. */
export async function refusesStranger(ground: Ground, keeper: Keeper): Promise<void> {
    const { stack, operator, to } = ground;
    await configureHost(ground, { ...keeper, hostKey: to.server.hostKey });
    const [error = "", ...others] = readDiagnostics(await stack.refusal(() => stack.up()));
    assert.deepEqual(others, []);
    assert.match(error, /the repository sftp:\S+ \(dallinger:experiment\.backup\.repository\) does not open/);
    assert.ok((await inRepository({ operator })).length > 0, "the repository that was there before");
}

/** Another repository gets all that the app's server has. */
export async function sendsAll(ground: Ground, keeper: Keeper, earlier: readonly string[]): Promise<void> {
    const { stack, operator } = ground;
    await configureHost(ground, keeper);
    await stack.up();
    const made = await dallinger(operator, "recall", "backups", "make");
    assert.equal(made.exitCode, 0, made.stderr);
    assert.deepEqual(await inRepository({ operator }), [...earlier, made.stdout]);
}
