import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, EXPERIMENT, files, HOST_KEY, SERVER, SETTINGS } from "../rawConfiguration.ts";

const server = (keys: object) => ({ server: { ...SERVER, ...keys } });
const experiment = (keys: object) => ({ experiment: { ...EXPERIMENT, ...keys } });
const alone = (keys: object) => ({ server: undefined, ...experiment(keys) });
const DIGEST = `ghcr.io/lab/recall@sha256:${"0".repeat(64)}`;

suite("an image that is built", () => {
    test("pulls as the registry's user, also what it goes back to", () => {
        const image = { ...EXPERIMENT.image, registryUser: "lab" };
        const { configuration } = check({ ...experiment({ image }), serverSecrets: { registryPassword: "hush" } });
        assert.equal(configuration?.experiment?.registryUser, "lab");
        assert.deepEqual(configuration?.serverSecrets, { registryPassword: "hush" });
    });

    test("builds for the server's platform", () => {
        const { configuration } = check(server({ platform: "linux/arm64" }));
        const image = configuration?.experiment?.image;
        assert.equal(image && "platform" in image && image.platform, "linux/arm64");
    });

    test("builds for the repository of config.txt when it names none itself", () => {
        const readFile = files({ "config.txt": "[A]\ndocker_image_base_name = ghcr.io/lab/others\n" });
        const repositoryOf = (image: unknown) => {
            const { configuration, problems } = check({ experiment: { ...EXPERIMENT, image }, readFile });
            const built = configuration?.experiment?.image;
            return built && "repository" in built ? built.repository : problems;
        };
        assert.equal(repositoryOf(undefined), "ghcr.io/lab/others");
        assert.equal(repositoryOf({ strict: true }), "ghcr.io/lab/others");
        assert.equal(repositoryOf({ repository: "ghcr.io/lab/own" }), "ghcr.io/lab/own");
    });

    test("refuses a repository of config.txt that is none", () => {
        const readFile = files({ "config.txt": "[A]\ndocker_image_base_name = ghcr.io/lab/others:1\n" });
        const [problem, ...others] = check({ experiment: { ...EXPERIMENT, image: {} }, readFile }).problems;
        assert.deepEqual(others, []);
        assert.equal(problem?.path, "dallinger:experiment.image.repository");
        assert.match(problem?.message ?? "", /docker_image_base_name in config\.txt is no repository .*others:1/);
    });

    test("may say how the image is built", () => {
        const image = {
            repository: "ghcr.io/lab/recall",
            base: `python:3.12@sha256:${"0".repeat(64)}`,
            dallinger: "../Dallinger",
            strict: true,
            maxSize: 500,
            tagLength: 12,
            knownHosts: [`[e.org]:2222 ${HOST_KEY}`],
        };
        const { configuration, problems } = check({ experiment: { ...EXPERIMENT, image } });
        assert.deepEqual(problems, []);
        assert.deepEqual(configuration?.experiment?.image, { ...image, delivery: "registry", platform: "linux/amd64" });
    });

    test("builds for the platform of a server that another stack knows", () => {
        const { configuration } = check(alone({ on: { stack: "lab1" } }));
        assert.deepEqual(configuration?.experiment?.image, {
            repository: "ghcr.io/lab/recall",
            delivery: "registry",
            strict: false,
            knownHosts: [],
        });
    });
});

suite("an image that no registry has", () => {
    for (const delivery of ["ssh", "server"]) {
        test(`is called like its app when it is delivered by ${delivery}`, () => {
            const { configuration } = check(experiment({ image: { delivery } }));
            assert.deepEqual(configuration?.experiment?.image, {
                repository: "recall",
                delivery,
                platform: "linux/amd64",
                strict: false,
                knownHosts: [],
            });
        });
    }
});

suite("an image that no registry has, and config.txt has a name for", () => {
    const nameWith = (text: string) => {
        const readFile = files({ "config.txt": `[A]\ndocker_image_base_name = ${text}\n` });
        const { configuration } = check({ experiment: { ...EXPERIMENT, image: { delivery: "ssh" } }, readFile });
        const image = configuration?.experiment?.image;
        return image && "repository" in image ? image.repository : undefined;
    };

    test("is called by that name", () => {
        assert.equal(nameWith("ghcr.io/lab/others"), "ghcr.io/lab/others");
    });

    test("is called like its app when that is no repository: nothing is pushed", () => {
        assert.equal(nameWith("Not A Repository"), "recall");
    });
});

suite("an image that was built before", () => {
    test("runs from settings of the stack alone", () => {
        const { configuration } = check({ experiment: { name: "recall", image: { reference: DIGEST } } });
        assert.deepEqual(configuration?.experiment?.image, { reference: DIGEST, resolved: "" });
        assert.equal(configuration?.settings?.environment.mode, "live");
    });

    test("may be named by tag, and asked for again", () => {
        const image = { reference: "ghcr.io/lab/recall:1.0", resolved: "today" };
        assert.deepEqual(check({ experiment: { name: "recall", image } }).configuration?.experiment?.image, image);
    });

    test("needs no folder, and no file of one is looked for", () => {
        const readFile = (path: string): string => assert.fail(`${path} was read`);
        const experiment = { name: "recall", image: { reference: DIGEST }, parameters: { words: "int" } };
        const { configuration } = check({ experiment, settings: { ...SETTINGS, words: 7 }, readFile });
        assert.deepEqual(configuration?.settings?.environment, { mode: "live", recruiter: "hotair", words: "7" });
    });
});
