import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execa } from "execa";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { type AppComposeSpec, appServices, renderAppCompose } from "../../../components/app/appCompose.ts";
import {
    type AppEnvironmentSpec,
    renderEnvironment,
    serviceEnvironments,
} from "../../../components/app/appEnvironment.ts";
import { renderComposeFile } from "../../../components/app/composeFile.ts";
import { wasMisread } from "../../../components/app/misreadTexts.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";
import { renderServerCompose } from "../../../components/targets/server/serverCompose.ts";

/** Texts that YAML 1.1, YAML 1.2 or compose take for something else unless they are quoted; separated by a space. */
const words = [
    "1_000 12_34 0b101 0o17 0777 0x1F 0x_1f 1e3 1_0.5e3 .5_0 +1_0 -0b1 1:30 190:20:30 0 -0 1.0 .inf -.INF .nan",
    "2026-03-01 2026-3-1 2026-03-01T10:00:00Z on off yes no y n true False TRUE null NULL ~ << =",
    "# &a *a !a | > %a @a `a ' \" \\ --- ... {a:b} [a] $A $$ $$A $$$",
];
const awkward = [
    ...words.flatMap((line) => line.split(" ")),
    ...["", " ", "- a", "? a", "a: b", "a #b", "!!binary aGk=", "2026-03-01 10:00:00", "trailing ", " leading"],
    ...["{A}", "{A:-b}", "$", "$A"].map((name) => `$${name}`),
    ...["two\nlines\n", "\n", "\r\n", "\ttab", "null\n", "a\u0085b", "a\u2028b", "\ufeffa", "a\u2028\nb"],
    ..."\u0001\u001b\u007f\u0080\u0085\u009f\u00a0\u2028\u2029\ufeff\ufffe\uffff\ufffd\u{1f600}\u{10ffff}",
];

/** Any text that a variable can hold. */
const text = fc.oneof(
    fc.constantFrom(...awkward),
    fc.string({ unit: fc.constantFrom(..."0123456789_+-.:eExXoObBTZ ") }),
    fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", "")),
);
const several = fc.array(text, { minLength: 20, maxLength: 60 }).map((values) => numbered([...awkward, ...values]));

const app: AppComposeSpec = {
    place: placeOnServer("recall"),
    image: `registry.example/recall@sha256:${"a".repeat(64)}`,
    images: { redis: "redis:8", database: "edoburu/pgbouncer:v1" },
    workers: 3,
    clock: true,
    limits: { memory: "2g", cpus: 1.5 },
    labels: { "dallinger.app": "recall" },
    release: "0123abcd",
};
const told: AppEnvironmentSpec = {
    app: "recall",
    place: placeOnServer("recall"),
    hostname: "recall.lab.example",
    settings: {},
    secretSettings: {},
    generated: { id: "8f1c", databasePassword: "1_000", flaskSecretKey: "0b101", dashboardPassword: "2026-03-01" },
    connections: 50,
    services: appServices(app),
};

const texts = z.record(z.string(), z.string());
const model = z.looseObject({
    services: z.record(
        z.string(),
        z.looseObject({ image: z.string(), environment: texts.nullish(), labels: texts.optional() }),
    ),
    networks: z.record(z.string(), z.looseObject({ labels: texts.optional() })),
});

suite("a compose file, read by docker compose", () => {
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "compose-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** What `docker compose config` prints, an engine or a network is not asked. */
    async function config(files: readonly string[], ...options: string[]): Promise<string> {
        const paths = files.map((content, index) => {
            const path = join(folder, `${index}.yaml`);
            writeFileSync(path, content);
            return path;
        });
        const env = { DOCKER_HOST: "tcp://127.0.0.1:1", A: "a variable of the operator's" };
        const args = [...paths.flatMap((path) => ["-f", path]), "config", ...options];
        return (await execa("docker", ["compose", ...args], { env })).stdout;
    }

    /** The services as compose has read them. What it prints has every `$` doubled again. */
    async function read(...files: string[]) {
        return model.parse(JSON.parse(await config(files, "--format", "json"), (_, value) => undollared(value)));
    }

    test("has settings, secrets and passwords arrive as they are, whatever they look like", async () => {
        const property = fc.asyncProperty(several, several, async (settings, secrets) => {
            const spec = { ...told, settings, secretSettings: { ...secrets, "12_34": "a name" } };
            const { services } = await read(renderAppCompose(app), renderEnvironment(spec));
            for (const [service, environment] of Object.entries(serviceEnvironments(spec)))
                assert.deepEqual(services[service]?.environment, { ...environment }, service);
        });
        await fc.assert(property, { numRuns: 4, endOnFailure: true });
    });

    test("has labels, names of images and ids arrive as they are", async () => {
        await fc.assert(
            fc.asyncProperty(several, async (labels) => {
                const { services, networks } = await read(renderAppCompose({ ...app, labels }));
                assert.deepEqual(services.redis?.labels, labels);
                assert.deepEqual(networks.app?.labels, labels);
            }),
            { numRuns: 2, endOnFailure: true },
        );
        for (const name of ["1_000", "0b101", "2026-03-01", "1e3", "0x1f", "0777", "no"]) {
            const images = { redis: name, pgbouncer: name, postgres: name, caddy: name };
            const own = await read(renderAppCompose({ ...app, image: name, images: { redis: name, database: name } }));
            const shared = await read(renderServerCompose({ serverId: name, images }));
            assert.deepEqual(
                [own.services.web, own.services.redis, shared.services.caddy].map((service) => service?.image),
                [name, name, name],
            );
            assert.equal(shared.services.postgres?.labels?.["dallinger.server"], name);
        }
    });

    for (const name of ["2026-03-01", "0b101", "0x1f", "1e3", "0777", "on", "no", "null", "y", "1"]) {
        test(`deploys an app named ${name}`, async () => {
            const place = placeOnServer(name);
            const own = { ...app, place, labels: { "dallinger.app": name } };
            const spec = { ...told, app: name, place, services: appServices(own) };
            const { services } = await read(renderAppCompose(own), renderEnvironment(spec));
            for (const service of ["redis", "pgbouncer", "web", "worker", "clock"])
                assert.equal(services[service]?.labels?.["dallinger.app"], name);
            assert.equal(services.web?.environment?.heroku_app_id_root, name);
        });
    }

    test("is the same to compose as the one without quotes was, so nothing starts anew for them", async () => {
        const files = [renderAppCompose(app), renderEnvironment({ ...told, settings: { title: "It's a $tudy: 5" } })];
        const former = files.map((file) => stringify(parse(file), { aliasDuplicateObjects: false, lineWidth: 0 }));
        assert.notDeepEqual(former, files);
        // Without the passwords, which are among those that compose took for numbers.
        const plain = { databasePassword: "a", flaskSecretKey: "b", dashboardPassword: "c" };
        files[1] = renderEnvironment({ ...told, generated: { ...told.generated, ...plain } });
        former[1] = stringify(parse(files[1]), { aliasDuplicateObjects: false, lineWidth: 0 });
        assert.equal(await config(files, "--hash", "*"), await config(former, "--hash", "*"));
        const server = renderServerCompose({
            serverId: "3f0c8f1e",
            images: { postgres: "postgres:17", caddy: "caddy:2" },
        });
        const formerServer = stringify(parse(server), { aliasDuplicateObjects: false });
        assert.equal(await config([server], "--hash", "*"), await config([formerServer], "--hash", "*"));
    });

    test("was misread without quotes exactly where that is told by the hash of what containers are made from", async () => {
        const part = (...texts: string[]) => fc.constantFrom(...texts);
        const digits = fc.string({ unit: part(..."0011234567899_"), minLength: 1, maxLength: 6 });
        const rest = fc.tuple(part("", "", ".", ".5", ".5_0"), part("", "", "e3", "e-1_0", "_"));
        const numberLike = fc
            .tuple(part("", "", "+", "-"), part("", "", "0x", "0o", "0b", "0X", "0"), digits, rest)
            .map((parts) => parts.flat().join(""));
        const property = fc.asyncProperty(fc.array(numberLike, { minLength: 300, maxLength: 300 }), async (values) => {
            const wanted = numbered([...awkward, ...values].filter((value) => !/^\d{4}-|[^ -~]/.test(value)));
            const environment = Object.fromEntries(
                Object.entries(wanted).map(([name, value]) => [name, value.replaceAll("$", "$$$$")]),
            );
            const former = stringify({ services: { web: { image: "a", environment } } }, { lineWidth: 0 });
            const { services } = await read(former);
            for (const [name, value] of Object.entries(wanted))
                assert.equal(services.web?.environment?.[name] !== value, wasMisread(value), JSON.stringify(value));
        });
        await fc.assert(property, { numRuns: 4, endOnFailure: true });
    });
});

test("a compose file has nothing in it but printable characters", () => {
    const any = fc.string({ unit: "binary" });
    fc.assert(
        fc.property(any, any, (name, value) => {
            const rendered = renderComposeFile({ [name]: value });
            assert.doesNotMatch(
                rendered,
                /[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u,
            );
            assert.deepEqual(parse(rendered), { [name]: value.replaceAll("$", "$$$$") });
        }),
    );
});

function numbered(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(values.map((value, index) => [`v${index}`, value]));
}

function undollared(value: unknown): unknown {
    return typeof value === "string" ? value.replaceAll("$$", "$") : value;
}
