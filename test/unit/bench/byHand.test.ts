import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { execa } from "execa";
import { parse } from "yaml";
import { appServices, renderAppCompose } from "../../../components/app/appCompose.ts";
import { renderEnvironment } from "../../../components/app/appEnvironment.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";
import { handFiles } from "../../bench/ways/handFiles.ts";
import { put, temporaryFolder } from "../image/temporaryFolder.ts";

const image = (digit: string) => `10.213.1.2:5000/recall@sha256:${digit.repeat(64)}`;
const generated = { id: "8f1c", databasePassword: "pass", flaskSecretKey: "key", dashboardPassword: "word" };
const compose = {
    place: placeOnServer("benchmark"),
    image: image("a"),
    images: { redis: "redis:8", database: "edoburu/pgbouncer:v1" },
    workers: 1,
    clock: true,
    limits: {},
    labels: { "dallinger.app": "benchmark" },
    release: image("a"),
};
const environment = {
    app: "benchmark",
    place: placeOnServer("benchmark"),
    hostname: "benchmark.10-213-1-11.nip.io",
    settings: { recall_words: "5", title: "5 $ a word" },
    secretSettings: {},
    generated,
    connections: 50,
    services: appServices(compose),
};
const release = {
    app: "benchmark",
    compose: renderAppCompose(compose),
    environment: renderEnvironment(environment),
};

suite("what is deployed by hand", () => {
    const { hostname, contents } = handFiles(release, "byhand");

    test("is another app: nothing in it has the name of the one it was taken from", () => {
        assert.equal(hostname, "byhand.10-213-1-11.nip.io");
        for (const [path, content] of Object.entries(contents))
            assert.doesNotMatch(content, /benchmark|dlgr-app/, path);
    });

    test("has the same images and settings, and a project, database and address of its own", () => {
        const { name, services } = parse(`${contents["byhand/compose.yaml"]}`);
        assert.deepEqual([name, services.web.image, services.redis.image], ["byhand", image("a"), "redis:8"]);
        assert.deepEqual(services.web.networks.app.aliases, ["byhand-web"]);
        const told = parse(`${contents["byhand/environment.yaml"]}`).services.web.environment;
        assert.deepEqual([told.title, told.HOST], ["5 $$ a word", hostname]);
        assert.equal(told.DATABASE_URL, "postgresql://app_byhand:pass@byhand-pgbouncer/app_byhand");
        assert.match(`${contents["role.sql"]}`, /^CREATE ROLE "app_byhand" LOGIN PASSWORD 'pass';$/m);
        assert.match(
            `${contents["byhand/site.caddy"]}`,
            /^byhand\.10-213-1-11\.nip\.io \{[\s\S]*reverse_proxy byhand-web:5000$/m,
        );
    });

    test("is not made of a release that has another form", () => {
        assert.throws(() => handFiles({ ...release, environment: "services: {}\n" }, "byhand"), /no password/);
    });

    test("gets another setting, everywhere, and then another image, with two connections each", async (t) => {
        const { folder, run } = operator(t, contents);
        const read = async (file: string) => parse(await readFile(join(folder, "byhand", file), "utf8")).services;
        assert.deepEqual(await run("settings.sh", "recall_words", "7"), ["scp", "ssh"]);
        const { web, worker, clock } = await read("environment.yaml");
        assert.deepEqual(
            [web, worker, clock].map((service) => service.environment.recall_words),
            ["7", "7", "7"],
        );
        assert.equal(web.environment.title, "5 $$ a word");
        assert.deepEqual(await run("code.sh", image("a"), image("b")), ["scp", "ssh"]);
        const services = await read("compose.yaml");
        assert.deepEqual(
            Object.values<{ image: string }>(services).map((service) => service.image),
            ["redis:8", "edoburu/pgbouncer:v1", image("b"), image("b"), image("b")],
        );
    });
});

/** Somebody whose ssh and scp only say that they were called. */
function operator(t: TestContext, contents: Readonly<Record<string, string>>) {
    const folder = temporaryFolder(t, contents);
    const script = '#!/bin/sh\nbasename "$0"\n';
    put(folder, { "bin/ssh": { script }, "bin/scp": { script } });
    const env = { PATH: `${join(folder, "bin")}:${process.env.PATH}` };
    const run = async (name: string, ...args: string[]) => {
        const file = join(import.meta.dirname, "../../bench/ways", name);
        const { stdout } = await execa("sh", [file, folder, "byhand", ...args], { env, stdin: "ignore" });
        return stdout.split("\n");
    };
    return { folder, run };
}
