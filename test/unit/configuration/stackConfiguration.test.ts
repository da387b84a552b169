import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SERVICE_IMAGES } from "../../../components/configuration/checking/serviceImages.ts";
import { APP_DEFAULTS } from "../../../components/configuration/experiment/appDefaults.ts";
import { check, EXPERIMENT, problemAt, problemsOf, SERVER, SETTINGS } from "./rawConfiguration.ts";

const server = (keys: object) => ({ server: { ...SERVER, ...keys } });
const experiment = (keys: object) => ({ experiment: { ...EXPERIMENT, ...keys } });
const alone = (keys: object) => ({ server: undefined, ...experiment(keys) });

suite("a stack with both blocks", () => {
    test("gets every default", () => {
        const { configuration } = check({});
        const { checkFromHere, freeSpace, requestBody, retainedReleases: keep } = APP_DEFAULTS;
        const { healthyWithin, quietWithin, workersTimeout } = APP_DEFAULTS;
        assert.deepEqual(configuration?.server, {
            ...SERVER,
            port: 22,
            user: "root",
            engine: "distribution",
            platform: "linux/amd64",
            images: SERVICE_IMAGES,
            discardBackups: false,
            mended: "",
            resolved: {},
        });
        assert.deepEqual(configuration?.experiment, {
            ...EXPERIMENT,
            hostnames: [],
            checkFromHere,
            image: {
                repository: "ghcr.io/lab/recall",
                delivery: "registry",
                platform: "linux/amd64",
                strict: false,
                knownHosts: [],
            },
            parameters: {},
            limits: { freeSpace, requestBody },
            releases: { keep, healthyWithin, quietWithin },
            mended: "",
            archive: "",
            backup: { workersTimeout },
        });
        assert.deepEqual(configuration?.serverSecrets, {});
    });

    test("has everything wrong told at once", () => {
        const blocks = {
            ...server({ port: 0, hots: 1 }),
            ...experiment({ name: "A" }),
            settings: { mode: "x", foo: 1 },
        };
        assert.deepEqual(
            check(blocks).problems.map(({ path }) => path),
            [
                "server.port",
                "server.hots",
                "experiment.name",
                "settings.foo",
                "settings.mode",
                "settings.recruiter",
            ].map((path) => `dallinger:${path}`),
        );
    });
});

suite("a stack with one block", () => {
    test("prepares a server", () => {
        const { configuration } = check({ experiment: undefined, settings: undefined });
        assert.deepEqual(Object.keys(configuration ?? {}), ["server", "serverSecrets", "experimentSecrets"]);
    });

    for (const stack of ["lab1", "dallinger/lab1", "org/dallinger/lab1"]) {
        test(`runs an experiment on ${stack}`, () => {
            assert.deepEqual(check(alone({ on: { stack } })).configuration?.experiment?.on, { stack });
        });
    }
});

suite("secrets in the wrong place", () => {
    test("are told without a word about the values of that block", () => {
        const blocks = { settings: { ...SETTINGS, title: "hush", foo: "hush" }, encrypted: ["settings"] as const };
        assert.deepEqual(
            check(blocks).problems.map(({ path }) => path),
            ["dallinger:settings"],
        );
        assert.doesNotMatch(JSON.stringify(check(blocks)), /hush/);
    });

    test("are told when they stand in plain text", () => {
        const problem = problemAt("dallinger:secrets", { secrets: { dashboard_password: "a" }, encrypted: [] });
        assert.match(problem?.message ?? "", /plain text/);
        assert.equal(problem?.fix, "pulumi config set --secret --path 'dallinger:secrets.dashboard_password'");
        assert.deepEqual(problemsOf({ secrets: { dashboard_password: "a" }, encrypted: ["secrets"] }), []);
    });
});
