import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, EXPERIMENT, files, problemAt, problemsOf, SERVER } from "../rawConfiguration.ts";

/** A stack that runs an experiment on this machine; nothing is wrong with it. */
const local = (keys: object = {}, image: object = {}) => ({
    server: undefined,
    settings: undefined,
    experiment: { path: EXPERIMENT.path, name: EXPERIMENT.name, on: "local", image, ...keys },
});

const settingsWith = (configTxt: string, settings?: object) => {
    const { configuration, problems } = check({ ...local(), settings, readFile: files({ "config.txt": configTxt }) });
    assert.deepEqual(problems, []);
    return configuration?.settings?.environment ?? {};
};

suite("an experiment on this machine", () => {
    test("needs its folder and its name, nothing else", () => {
        const { configuration, problems } = check(local());
        assert.deepEqual(problems, []);
        const images = { postgres: "postgres:17", redis: "redis:8" };
        assert.deepEqual(configuration?.experiment?.on, { local: { images, fresh: "", save: true } });
        assert.partialDeepStrictEqual(configuration?.experiment?.image, { repository: "recall", delivery: "local" });
        assert.deepEqual(configuration?.settings?.environment, { mode: "debug", recruiter: "hotair" });
    });

    test("runs an image that was built before", () => {
        assert.deepEqual(problemsOf(local({ path: undefined }, { reference: "ghcr.io/lab/recall:1" })), []);
    });

    test("has the ports and the images that it is given", () => {
        const own = { port: 8000, databasePort: 8001, redisPort: 8002, images: { redis: "valkey:8" }, save: false };
        const { configuration } = check(local({ local: { ...own, fresh: "again" } }));
        const images = { postgres: "postgres:17", redis: "valkey:8" };
        assert.deepEqual(configuration?.experiment?.on, { local: { ...own, images, fresh: "again" } });
    });

    const paid = "[Parameters]\nmode = live\nrecruiter = prolific\nrecruiters = bots: 2, prolific: 1\ntitle = Recall\n";

    test("publishes no study, whatever config.txt says: that is for servers", () => {
        assert.deepEqual(settingsWith(paid), { mode: "debug", recruiter: "hotair", title: "Recall" });
    });

    test("recruits as the stack's own settings say", () => {
        assert.equal(settingsWith(paid, { recruiter: "cli" }).recruiter, "cli");
        assert.equal(settingsWith(paid, { mode: "debug" }).mode, "debug");
    });

    for (const mode of ["live", "sandbox"]) {
        test(`is refused in mode ${mode}`, () => {
            const problem = problemAt("dallinger:settings.mode", { ...local(), settings: { mode } });
            assert.match(problem?.message ?? "", /^must be debug with experiment.on local/);
            assert.equal(problem?.fix, "pulumi config set --path 'dallinger:settings.mode' debug");
        });
    }

    test("has bots where it is said by which browser, or that they need none", () => {
        for (const settings of [{ recruiter: "bots" }, { recruiter: "multi", recruiters: "bots: 2, cli: 1" }]) {
            const [problem] = check({ ...local(), settings }).problems;
            assert.match(
                problem?.message ?? "",
                /^bots need a browser with experiment\.on local: .*images\.browser names/,
            );
            for (const browser of ["selenium/standalone-chromium:4", "none"]) {
                const blocks = local({ local: { images: { browser } } });
                assert.deepEqual(check({ ...blocks, settings }).problems, []);
            }
        }
    });

    test("is told once of each block and key that is about servers, with the command that removes it", () => {
        const raw = {
            ...local({ hostnames: ["a.example"], releases: { keep: 3 }, limits: { freeSpace: "2g", cpus: 1 } }),
            server: SERVER,
            serverSecrets: { privateKey: "key" },
        };
        const found = check(raw).problems.filter(({ message }) => message.includes("it is about servers"));
        assert.deepEqual(
            found.map(({ path, fix }) => [path, fix]),
            [
                ["dallinger:server", "pulumi config rm dallinger:server"],
                ["dallinger:serverSecrets", "pulumi config rm dallinger:serverSecrets"],
                ["dallinger:experiment.hostnames", "pulumi config rm --path 'dallinger:experiment.hostnames'"],
                [
                    "dallinger:experiment.limits.freeSpace",
                    "pulumi config rm --path 'dallinger:experiment.limits.freeSpace'",
                ],
                ["dallinger:experiment.releases", "pulumi config rm --path 'dallinger:experiment.releases'"],
            ],
        );
    });

    test("is not pushed anywhere", () => {
        const refused = problemAt("dallinger:experiment.image.delivery", local({}, { delivery: "ssh" }));
        assert.match(refused?.message ?? "", /it is about servers/);
        assert.deepEqual(problemsOf(local({}, { repository: "ghcr.io/lab/recall" })), []);
    });

    test("needs its folder where its image is built", () => {
        const problem = problemAt("dallinger:experiment.path", local({ path: undefined }));
        assert.match(problem?.message ?? "", /^is required with experiment.on local/);
    });

    test("listens with each of its services on a port of its own", () => {
        const problem = problemAt(
            "dallinger:experiment.local.redisPort",
            local({ local: { port: 5000, redisPort: 5000 } }),
        );
        assert.equal(problem?.message, "is that of experiment.local.port already");
        const low = problemAt("dallinger:experiment.local.port", local({ local: { port: 80 } }));
        assert.match(low?.message ?? "", /^must be a port from 1024 to 65535, not 80/);
    });

    test("is the only one that has a map `local`", () => {
        const raw = { experiment: { ...EXPERIMENT, local: { port: 5000 } } };
        assert.match(
            problemAt("dallinger:experiment.local", raw)?.message ?? "",
            /^is used only with experiment.on local/,
        );
    });
});
