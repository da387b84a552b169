import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { describeLab, type Ending, type LabDescription, lab, openLabsFolder } from "./labCommand.ts";

let folder: Awaited<ReturnType<typeof openLabsFolder>>;
let images: LabDescription["images"];

before(async () => {
    folder = await openLabsFolder("one");
    const { exitCode, stderr } = await lab(folder.path, ["up", "one"]);
    assert.equal(exitCode, 0, stderr);
    ({ images } = await describeLab(folder.path, "one"));
    await docker("network", "create", "shared");
});

after(() => folder[Symbol.asyncDispose]());

const docker = (...command: string[]): Promise<Ending> =>
    lab(folder.path, ["exec", "one", "workshop", "docker", ...command]);
const image = (name: string): string => images[name] ?? assert.fail(`the lab has no image ${name}`);
const run = (name: string, ...command: string[]): Promise<Ending> =>
    docker("run", "--rm", "--network", "shared", image(name), ...command);

/** Starts a container in the shared network that answers to `name`. */
async function start(name: string, options: readonly string[], ...command: string[]): Promise<void> {
    const { exitCode, stderr } = await docker(
        "run",
        "-d",
        "--name",
        name,
        "--network",
        "shared",
        ...options,
        ...command,
    );
    assert.equal(exitCode, 0, stderr);
}

/** Runs a command in container `name` until it succeeds, for up to 30 seconds. */
const ready = (name: string, command: string): Promise<Ending> =>
    docker("exec", name, "sh", "-c", `for i in $(seq 30); do ${command} && exit; sleep 1; done; exit 1`);

const password = "only-in-this-test";

test("postgres takes its password from a file, runs the initial scripts and listens to others", async () => {
    const script = `mkdir -p /srv/initial && printf %s ${password} >/srv/password
        echo 'CREATE TABLE made (by text);' >/srv/initial/1.sql; echo 'psql -U app -d study -c "INSERT INTO made VALUES (1)"' >/srv/initial/2.sh`;
    assert.equal((await lab(folder.path, ["exec", "one", "workshop", "sh", "-c", script])).exitCode, 0);
    await start(
        "postgres",
        [
            "-v",
            "/srv/password:/run/secrets/p:ro",
            "-v",
            "/srv/initial:/docker-entrypoint-initdb.d:ro",
            "-e",
            "POSTGRES_PASSWORD_FILE=/run/secrets/p",
            "-e",
            "POSTGRES_USER=app",
            "-e",
            "POSTGRES_DB=study",
        ],
        image("postgres"),
        "-c",
        "max_connections=33",
    );
    await ready("postgres", "pg_isready -h 127.0.0.1 -q");
    const url = `postgresql://app:${password}@postgres/study`;
    assert.equal((await run("postgres", "psql", "-At", url, "-c", "SELECT by FROM made")).stdout, "1");
    assert.equal((await run("postgres", "psql", "-At", url, "-c", "SHOW max_connections")).stdout, "33");
    assert.equal((await run("postgres", "psql", "-At", url, "-c", "SHOW server_version")).stdout.slice(0, 3), "17.");
    const wrong = await run("postgres", "psql", url.replace(password, "wrong"), "-c", "SELECT 1");
    assert.match(wrong.stderr, /password authentication failed/);
});

test("postgres without a password refuses to start", async () => {
    const { exitCode, stderr } = await run("postgres");
    assert.equal(exitCode, 1);
    assert.match(stderr, /set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE/);
});

test("pgbouncer makes its configuration from variables and logs in with scram-sha-256", async () => {
    await start(
        "pgbouncer",
        [
            "-e",
            "DB_HOST=postgres",
            "-e",
            "DB_USER=app",
            "-e",
            `DB_PASSWORD=${password}`,
            "-e",
            "DB_NAME=study",
            "-e",
            "AUTH_TYPE=scram-sha-256",
            "-e",
            "POOL_MODE=transaction",
            "-e",
            "DEFAULT_POOL_SIZE=3",
            "-e",
            "ADMIN_USERS=app",
        ],
        image("pgbouncer"),
    );
    await ready("pgbouncer", "pg_isready -h 127.0.0.1 -q");
    const url = `postgresql://app:${password}@pgbouncer/study`;
    assert.equal((await run("postgres", "psql", "-At", url, "-c", "SELECT current_user")).stdout, "app");
    const settings = await run("postgres", "psql", "-At", url.replace("study", "pgbouncer"), "-c", "SHOW CONFIG");
    assert.match(settings.stdout, /^default_pool_size\|3\|/m);
    assert.match(settings.stdout, /^pool_mode\|transaction\|/m);
});

test("redis takes options, keeps its data as user redis and answers others", async () => {
    await start("redis", [], image("redis"), "--appendonly", "yes");
    await ready("redis", "redis-cli ping");
    assert.equal((await run("redis", "redis-cli", "-h", "redis", "set", "a", "b")).stdout, "OK");
    assert.equal((await docker("exec", "redis", "stat", "-c", "%U", "/data/appendonlydir")).stdout, "redis");
    assert.match((await run("redis", "redis-cli", "-h", "redis", "info", "server")).stdout, /redis_version:8\./);
});

test("caddy serves the Caddyfile in its place", async () => {
    assert.match((await run("caddy", "caddy", "version")).stdout, /^v2\.1\d\./);
    await start("caddy", [], image("caddy"));
    const page = await ready(
        "caddy",
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/80; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'",
    );
    assert.match(page.stdout, /200 OK[\s\S]*Caddy works/);
});

test("python is there by its official name, and what is installed with pip is where it looks", async () => {
    const script = `pip install -q six && python -c 'import six, sys; print(sys.prefix, sys.version_info[:2])' && apt-get -q update >/dev/null`;
    const { stdout, stderr } = await docker("run", "--rm", "python:3.13-slim-trixie", "sh", "-c", script);
    assert.equal(stdout, "/usr/local (3, 13)", stderr);
});
