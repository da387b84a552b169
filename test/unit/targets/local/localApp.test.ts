import assert from "node:assert/strict";
import { chmod, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { parse } from "yaml";
import { readLocal } from "../../../../components/configuration/experiment/localExperiment.ts";
import { LocalApp, type LocalAppArgs } from "../../../../components/targets/local/localApp.ts";
import { type Recording, type Registration, record } from "../../record.ts";

const IMAGE = `sha256:${"a".repeat(64)}`;

const args: LocalAppArgs = {
    app: "recall",
    engine: "unix:///run/docker.sock",
    image: IMAGE,
    contentHash: "0123abcd",
    settings: { mode: "debug", recruiter: "hotair", title: "5 $ a word" },
    secretSettings: secret({ prolific_api_token: "t0ken-of-prolific" }),
    fingerprintKey: secret("the-key"),
    workers: 2,
    clock: true,
    limits: { memory: "1g", cpus: 1.5 },
};

const outputs = ({ type, name }: Registration): Record<string, unknown> => {
    if (name === "experiment-project") return { hex: "recall-a1b2c3" };
    if (type.startsWith("random:")) return { result: `${name}-value` };
    if (name === "experiment-port") return { stdout: "5001" };
    if (type === "docker:index/remoteImage:RemoteImage") return { imageId: `sha256:id-of-${name}` };
    return { stdout: '{"status":"success","recruitment_msg":"come in"}' };
};

const { PATH } = process.env;
const programs = await mkdtempDisposable(join(tmpdir(), "local-app-"));
after(() => programs.remove());

/** Has the engine tell of these containers of the experiment's, as `ID NAME SERVICE`. */
async function engineHas(...containers: readonly string[]): Promise<void> {
    const docker = join(programs.path, "docker");
    await writeFile(docker, `#!/bin/sh\n${containers.map((line) => `echo "${line}"`).join("\n")}\n`);
    await chmod(docker, 0o700);
    process.env.PATH = `${programs.path}:${PATH}`;
}

beforeEach(() => engineHas());

const list = (value: unknown) => (Array.isArray(value) ? value : []);

const SECRETS = ["t0ken-of-prolific", "database-password-value", "secret-key-value", "dashboard-password-value"];

suite("LocalApp", () => {
    let recording: Recording<LocalApp>;
    const named = (name: string) => {
        const found = recording.registered.find((one) => one.name === `experiment-${name}`);
        assert.ok(found, name);
        return found;
    };
    const containers = () => recording.registered.filter(({ type }) => type === "docker:index/container:Container");
    const files = () => Object(JSON.parse(String(named("folder").inputs.stdin))).files;
    before(async () => {
        await engineHas();
        recording = await record(() => new LocalApp("experiment", args), { outputs });
    });

    test("is containers with volumes and a network, a folder, tables, a launch, and an end that saves", () => {
        const root = "dallinger:index:LocalApp";
        const own = recording.tree.filter((line) => !line.includes("random:"));
        assert.deepEqual(own.toSorted(), [
            `${root} experiment`,
            `${root}$command:local:Command experiment-containers`,
            `${root}$command:local:Command experiment-end`,
            `${root}$command:local:Command experiment-folder`,
            `${root}$command:local:Command experiment-launch`,
            `${root}$command:local:Command experiment-names`,
            `${root}$command:local:Command experiment-port`,
            `${root}$command:local:Command experiment-tables`,
            ...["clock-1", "postgres-1", "redis-1", "web-1", "worker-1", "worker-2"].map(
                (name) => `${root}$docker:index/container:Container experiment-${name}`,
            ),
            `${root}$docker:index/network:Network experiment-network`,
            ...["postgres", "redis"].map(
                (name) => `${root}$docker:index/remoteImage:RemoteImage experiment-${name}-image`,
            ),
            ...["postgres", "redis"].map((name) => `${root}$docker:index/volume:Volume experiment-${name}-data`),
            `${root}$pulumi:providers:docker experiment-engine`,
        ]);
    });

    test("is on the engine that it is given", () => {
        assert.equal(named("engine").inputs.host, "unix:///run/docker.sock");
    });

    test("runs web, workers and clock from the one image, and what holds its data from others", () => {
        for (const name of ["web-1", "worker-1", "worker-2", "clock-1"]) assert.equal(named(name).inputs.image, IMAGE);
        assert.equal(named("postgres-1").inputs.image, "sha256:id-of-experiment-postgres-image");
    });

    test("has names that begin with a project of its own, which another checkout does not have", () => {
        assert.deepEqual(
            containers()
                .map(({ inputs }) => inputs.name)
                .toSorted(),
            [
                "recall-a1b2c3-clock-1",
                "recall-a1b2c3-postgres-1",
                "recall-a1b2c3-redis-1",
                "recall-a1b2c3-web-1",
                "recall-a1b2c3-worker-1",
                "recall-a1b2c3-worker-2",
            ],
        );
        assert.equal(named("network").inputs.name, "recall-a1b2c3");
        assert.equal(named("postgres-data").inputs.name, "recall-a1b2c3-postgres");
    });

    test("publishes the web alone, for this machine alone", () => {
        const published = containers().flatMap(({ name, inputs }) => list(inputs.ports).map((port) => [name, port]));
        assert.deepEqual(published, [["experiment-web-1", { ip: "127.0.0.1", external: 5001, internal: 5000 }]]);
    });

    test("shows settings in a preview, each as a variable, and secrets by their fingerprints", () => {
        const { inputs, secrets } = named("web-1");
        assert.deepEqual(secrets, [], "a list with one secret in it would be one as a whole");
        const envs = list(inputs.envs).map(String);
        assert.ok(envs.includes("title=5 $ a word") && envs.includes("PORT=5000") && envs.includes("HOST=localhost"));
        assert.ok(envs.includes("base_port=5001"), "links lead to the port that is published");
        const names = envs.map((line) => line.split("=")[0]);
        for (const hidden of ["DATABASE_URL", "FLASK_SECRET_KEY", "dashboard_password", "prolific_api_token"])
            assert.ok(!names.includes(hidden), hidden);
        const labels = list(inputs.labels).map((label) => [Object(label).label, Object(label).value]);
        const [print] = labels.filter(([label]) => label === "dallinger.secret.prolific_api_token");
        assert.match(print?.[1], /^[0-9a-f]{16}$/);
    });

    test("has no secret in plain but in the encrypted input of its folder", () => {
        assert.deepEqual(named("folder").secrets, ["stdin"]);
        for (const { name, type, inputs } of recording.registered) {
            if (name === "experiment-folder" || type.startsWith("random:")) continue;
            for (const text of SECRETS) assert.ok(!JSON.stringify(inputs).includes(text), `${text} in ${name}`);
        }
        const { "secrets/app.json": app, ...others } = files();
        const own = Object(JSON.parse(app));
        assert.equal(own.prolific_api_token, "t0ken-of-prolific");
        assert.equal(own.DATABASE_URL, "postgresql://dallinger:experiment-database-password-value@postgres/dallinger");
        assert.equal(others["secrets/database-password"], "experiment-database-password-value");
        for (const text of SECRETS) assert.ok(!others["compose.yaml"].includes(text), text);
    });

    test("has a compose file that says of each container what it is, and makes no volume and no network", () => {
        const file = parse(files()["compose.yaml"]);
        assert.equal(file.name, "recall-a1b2c3");
        assert.deepEqual(Object.keys(file.services), ["redis", "postgres", "web", "worker", "clock"]);
        assert.equal(file.services.web.image, IMAGE);
        assert.deepEqual(file.services.web.ports, ["127.0.0.1:5001:5000"]);
        for (const one of [file.networks.app, file.volumes.postgres, file.volumes.redis])
            assert.equal(one.external, true);
    });

    test("labels each container as compose looks for it", () => {
        const labels = Object.fromEntries(
            list(named("worker-2").inputs.labels).map((label) => [Object(label).label, Object(label).value]),
        );
        assert.partialDeepStrictEqual(labels, {
            "com.docker.compose.project": "recall-a1b2c3",
            "com.docker.compose.service": "worker",
            "com.docker.compose.container-number": "2",
            "com.docker.compose.oneoff": "False",
            "dallinger.app": "recall",
        });
        assert.match(labels["com.docker.compose.project.config_files"], /\/local\/recall-a1b2c3\/compose\.yaml$/);
    });

    test("makes one container behind the other: one program waits for the health of all, and shows why there is none", () => {
        assert.ok(containers().every(({ inputs }) => inputs.wait === false));
        const ids = containers().map(({ name }) => `${name}-id`);
        assert.deepEqual(JSON.parse(String(named("containers").inputs.stdin)).toSorted(), ids.toSorted());
    });

    test("has limits, restarts and rotated logs as on a server", () => {
        const { inputs } = named("worker-1");
        assert.deepEqual(
            [inputs.memory, inputs.cpus, inputs.restart, inputs.init],
            [1024, "1.5", "unless-stopped", true],
        );
        assert.equal(Object(inputs.logOpts)["max-size"], "10m");
        assert.deepEqual([inputs.stopTimeout, inputs.destroyGraceSeconds], [120, 120]);
    });

    test("has its clock leave processors that are short to what somebody waits for", () => {
        const shares = ["clock-1", "web-1", "worker-1", "postgres-1"].map((name) => named(name).inputs.cpuShares);
        assert.deepEqual(shares, [128, undefined, undefined, undefined]);
        assert.equal(parse(files()["compose.yaml"]).services.clock.cpu_shares, 128);
    });

    test("answers where it says", async () => {
        const { url, composeFile, recruitment, dashboardUser } = recording.built;
        const value = (output: typeof url) => new Promise((resolve) => output.apply(resolve));
        assert.equal(await value(url), "http://localhost:5001");
        assert.equal(await value(composeFile), "local/recall-a1b2c3/compose.yaml");
        assert.equal(await value(recruitment), "come in");
        assert.equal(await value(dashboardUser), "admin");
    });
});

suite("LocalApp with ports of its own", () => {
    test("asks for no free one, and publishes PostgreSQL and Redis for tools of this machine", async () => {
        const local = readLocal({ port: 8000, databasePort: 8001, redisPort: 8002 });
        const { registered } = await record(() => new LocalApp("experiment", { ...args, local }), { outputs });
        assert.ok(!registered.some(({ name }) => name === "experiment-port"));
        const ports = registered.flatMap(({ inputs }) => (Array.isArray(inputs.ports) ? inputs.ports : []));
        assert.deepEqual(ports.map(({ ip, external, internal }) => `${ip}:${external}:${internal}`).toSorted(), [
            "127.0.0.1:8000:5000",
            "127.0.0.1:8001:5432",
            "127.0.0.1:8002:6379",
        ]);
    });
});

suite("whose files an experiment writes", { skip: process.platform !== "linux" && "Docker sees to it" }, () => {
    const users = async (changes: Partial<LocalAppArgs>) => {
        const { registered } = await record(() => new LocalApp("experiment", { ...args, ...changes }), { outputs });
        return ["web-1", "worker-1", "postgres-1"].map(
            (name) => Object(registered.find((one) => one.name === `experiment-${name}`)?.inputs).user,
        );
    };

    test("are those of who deploys, by their own number", async () => {
        const own = `${process.getuid?.()}:${process.getgid?.()}`;
        assert.deepEqual(await users({}), [own, own, undefined]);
    });

    test("are so where the engine runs without root, in whose containers they are root", async () => {
        assert.deepEqual(await users({ rootless: true }), ["0:0", "0:0", undefined]);
    });
});

test("an engine without root is told of no share of processors, which it may forget", async () => {
    const { registered } = await record(() => new LocalApp("experiment", { ...args, rootless: true }), { outputs });
    const clock = Object(registered.find(({ name }) => name === "experiment-clock-1")?.inputs);
    assert.ok("image" in clock && !("cpuShares" in clock));
});

suite("LocalApp that watches the folders its image was built from", () => {
    const watching = { ...args, watch: { experiment: "examples/recall", dallinger: "../Dallinger" } };

    test("mounts them to be read only, and has its processes follow their edits", async () => {
        const { registered } = await record(() => new LocalApp("experiment", watching), { outputs });
        const [web, postgres] = ["web-1", "postgres-1"].map((name) =>
            Object(registered.find((one) => one.name === `experiment-${name}`)?.inputs),
        );
        assert.deepEqual(web.command, ["python3", "/run/dallinger/start/start.py", "--watch", "dallinger_heroku_web"]);
        const mounted = list(web.volumes).filter(({ containerPath }) =>
            containerPath.startsWith("/run/dallinger/sources"),
        );
        assert.deepEqual(mounted, [
            {
                hostPath: resolve("examples/recall"),
                containerPath: "/run/dallinger/sources/experiment",
                readOnly: true,
            },
            { hostPath: resolve("../Dallinger"), containerPath: "/run/dallinger/sources/dallinger", readOnly: true },
        ]);
        assert.ok(list(web.envs).includes("PYTHONPATH=/tmp/dallinger-packages"));
        assert.doesNotMatch(JSON.stringify(postgres), /sources|--watch/);
    });

    test("tells them by which rules files are followed, and which an `up` has to bring", async () => {
        const { registered } = await record(() => new LocalApp("experiment", watching), { outputs });
        const { stdin } = Object(registered.find(({ name }) => name === "experiment-folder")?.inputs);
        const sources = JSON.parse(JSON.parse(stdin).files["start/sources.json"]);
        assert.ok(sources.experiment.made.includes("experiment.py"));
        assert.ok(!sources.experiment.made.includes("config.txt"));
        assert.equal(sources.dallinger.into, "/tmp/dallinger-packages");
        assert.match(sources.inputs["requirements.txt"][0], /^[0-9a-f]{64}$/);
        assert.match(sources.inputs["config.txt"][1], /gives the containers its settings/);
        assert.deepEqual(sources.inputs["deploy.toml"], ["", "an image has to be built, which `./pulumi up` does"]);
    });

    test("starts processes as they are, where the image was built before", async () => {
        const { registered } = await record(() => new LocalApp("experiment", args), { outputs });
        const { command } = Object(registered.find(({ name }) => name === "experiment-web-1")?.inputs);
        assert.deepEqual(command, ["python3", "/run/dallinger/start/start.py", "dallinger_heroku_web"]);
        const { stdin } = Object(registered.find(({ name }) => name === "experiment-folder")?.inputs);
        assert.ok(!("start/sources.json" in JSON.parse(stdin).files));
    });
});

suite("LocalApp with bots", () => {
    const app = async (browser: string) => {
        const local = readLocal({ images: { browser } });
        const { registered } = await record(() => new LocalApp("experiment", { ...args, local }), { outputs });
        return (name: string) => Object(registered.find((one) => one.name === `experiment-${name}`)?.inputs);
    };

    test("has a browser beside it, which reaches its web and is reached by its workers", async () => {
        const named = await app("selenium/standalone-chromium:4");
        assert.equal(named("browser-image").name, "selenium/standalone-chromium:4");
        const { image, envs = [], networksAdvanced, shmSize, ports = [] } = named("browser-1");
        assert.equal(image, "sha256:id-of-experiment-browser-image");
        assert.deepEqual([envs, ports, shmSize], [[], [], 1024]);
        assert.deepEqual(networksAdvanced, [{ name: "recall-a1b2c3", aliases: ["browser"] }]);
        const worker: string[] = named("worker-1").envs;
        for (const line of ["HOST=web", "base_port=5000", "BOTS_BROWSER=browser:4444"])
            assert.ok(worker.includes(line), line);
    });

    test("has none where its bots need none, which are told of the web alike", async () => {
        const named = await app("none");
        assert.deepEqual(named("browser-1"), {});
        const worker: string[] = named("worker-1").envs;
        assert.ok(worker.includes("HOST=web") && !worker.some((line) => line.startsWith("SE_CHROMEDRIVER")));
    });
});

suite("a preview of LocalApp", () => {
    const component = async (changes: Partial<LocalAppArgs>) => {
        const { registered } = await record(() => new LocalApp("experiment", { ...args, ...changes }), { outputs });
        return Object(registered.find(({ type }) => type === "dallinger:index:LocalApp")?.inputs);
    };
    const replaced = async (changes: Partial<LocalAppArgs>) => {
        const [former, next] = [await component({}), await component(changes)].map(({ containers }) =>
            Object(containers),
        );
        return Object.keys(next).filter((name) => next[name] !== former[name]);
    };

    test("names the containers that a changed setting replaces, and not those with the data", async () => {
        assert.deepEqual(await replaced({ settings: { mode: "debug" } }), ["clock", "web", "worker"]);
        assert.deepEqual(await replaced({ workers: 3 }), ["worker"]);
        assert.deepEqual(await replaced({ local: readLocal({ images: { redis: "redis:9" } }) }), ["redis"]);
    });

    test("shows nothing new where the engine runs without root", async () => {
        assert.deepEqual(await component({ rootless: true }), await component({}));
    });

    test("names a secret that has changed, and its value nowhere", async () => {
        const [former, next] = [
            await component({}),
            await component({ secretSettings: secret({ prolific_api_token: "other" }) }),
        ];
        assert.notEqual(former.fingerprints.prolific_api_token, next.fingerprints.prolific_api_token);
        assert.doesNotMatch(JSON.stringify([former, next]), /t0ken|"other"/);
    });
});

suite("an image of the same content that the engine has already", () => {
    const loaded = `sha256:${"b".repeat(64)}`;
    const imagesOf = async (changes: Partial<LocalAppArgs>) => {
        const { registered } = await record(() => new LocalApp("experiment", { ...args, ...changes }), { outputs });
        const found = (name: string) => Object(registered.find((one) => one.name === `experiment-${name}`)?.inputs);
        return [JSON.parse(found("folder").stdin).image, found("web-1").image, found("worker-1").image];
    };

    test("is what a new experiment begins by", async () => {
        assert.deepEqual(await imagesOf({ loaded }), [loaded, loaded, loaded]);
        assert.deepEqual(await imagesOf({ loaded: "" }), [IMAGE, IMAGE, IMAGE]);
    });

    test("replaces no container of an experiment that has begun by the one that its stack knows", async () => {
        await engineHas("c1 recall-a1b2c3-web-1 web");
        assert.deepEqual(await imagesOf({ loaded }), [IMAGE, IMAGE, IMAGE]);
    });
});

suite("containers in the place of the stack's", () => {
    const run = () => record(() => new LocalApp("experiment", args), { outputs });
    const names = async () => Object((await run()).registered.find(({ name }) => name === "experiment-names")?.inputs);

    test("go before the stack's are made anew, which a preview says of those alone", async () => {
        const labels = async () =>
            Object.fromEntries(
                (await run()).registered
                    .filter(({ type }) => type === "docker:index/container:Container")
                    .map(({ name, inputs }) => [name, JSON.stringify(inputs.labels)]),
            );
        const former = await labels();
        await engineHas("b2 recall-a1b2c3-worker-1 worker");
        const next = await labels();
        assert.deepEqual(
            Object.keys(next).filter((name) => next[name] !== former[name]),
            ["experiment-worker-1"],
        );
        const { stdin, create } = await names();
        assert.equal(stdin, '{"recall-a1b2c3-worker-1":"b2"}');
        assert.match(create, /takeNames\.ts$/);
    });

    test("are looked for by no program where there are none", async () => {
        assert.equal((await names()).create, "exit 0");
    });
});
