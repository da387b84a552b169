import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainFailure } from "../../../../components/image/build/buildFailure.ts";
import { failing, PIP, PROCESS } from "./failingBuild.ts";

const cases: Record<string, { output: readonly string[]; expected: string | RegExp }> = {
    "a package that does not exist": {
        output: failing(
            PIP,
            [
                "Collecting dallinger==12.4.0 (from -r requirements.txt (line 1))",
                "ERROR: Could not find a version that satisfies the requirement nosuch==1.0 (from versions: none)",
                "ERROR: No matching distribution found for nosuch==1.0",
            ],
            PROCESS,
        ),
        expected: "a dependency failed: No matching distribution found for nosuch==1.0",
    },
    "packages that exclude each other": {
        output: failing(
            PIP,
            [
                "ERROR: Cannot install rq<3 and rq==1.0 because these package versions have conflicting dependencies.",
                "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/",
            ],
            PROCESS,
        ),
        expected:
            "a dependency failed: Cannot install rq<3 and rq==1.0 because these package versions have conflicting dependencies.",
    },
    "a repository whose host has another key": {
        output: failing(
            PIP,
            [
                "  Running command git clone --filter=blob:none --quiet ssh://git@e.org/words.git /tmp/pip-install/words",
                "  Host key verification failed.",
                "  fatal: Could not read from remote repository.",
                "ERROR: Failed to build 'words' when git clone",
            ],
            PROCESS,
        ),
        expected: /has no key, or another one, in experiment\.image\.knownHosts$/,
    },
    "a repository that no key opens": {
        output: failing(
            PIP,
            ["  git@e.org: Permission denied (publickey).", "ERROR: Failed to build 'words' when git clone"],
            PROCESS,
        ),
        expected: /refuses every key in your ssh agent: `ssh-add` the one that may read it$/,
    },
    "a package that nothing pins, where that is refused": {
        output: failing(
            PIP,
            ["ERROR: Package versions are not pinned: certifi: ./ops/dallinger pin writes constraints.txt"],
            PROCESS,
        ),
        expected:
            "a dependency failed: Package versions are not pinned: certifi: ./ops/dallinger pin writes constraints.txt",
    },
    "a package that does not compile": {
        output: failing(
            PIP,
            [
                "  error: subprocess-exited-with-error",
                "  gcc: fatal error",
                "ERROR: Failed building wheel for psycopg2",
            ],
            PROCESS,
        ),
        expected: "a dependency failed: Failed building wheel for psycopg2",
    },
    "requirements without Dallinger": {
        output: failing(
            `[dependencies 3/3] RUN python3 -c '…' > /tmp/dallinger || { echo 'ERROR: Dallinger …' >&2; exit 1; }`,
            ["AttributeError: 'NoneType' object has no attribute", "ERROR: Dallinger is not among the requirements"],
            PROCESS,
        ),
        expected: "a dependency failed: Dallinger is not among the requirements",
    },
    "the experiment's own preparation": {
        output: failing(
            "[prepared 5/5] RUN if [ -f prepare_docker_image.sh ]; then chmod 755 prepare_docker_image.sh && ./prepare_docker_image.sh; fi",
            ["preparing", "cannot prepare"],
            'process "/bin/sh -c if …" did not complete successfully: exit code: 7',
        ),
        expected: "prepare_docker_image.sh failed: cannot prepare (exit code: 7)",
    },
    "another instruction of an experiment's own Dockerfile": {
        output: failing("[2/4] RUN make words", ["make: *** No rule to make target 'words'.  Stop."], PROCESS),
        expected: "the step [2/4] RUN make words failed: make: *** No rule to make target 'words'. Stop.",
    },
    "a base image that is not there": {
        output: failing(
            "[internal] load metadata for ghcr.io/lab/nosuch:1",
            [],
            "failed to resolve source metadata for ghcr.io/lab/nosuch:1: not found",
        ),
        expected: "the base image cannot be had: failed to resolve source metadata for ghcr.io/lab/nosuch:1: not found",
    },
    "a base image that may not be read": {
        output: failing("[internal] load metadata for ghcr.io/lab/base:1", [], "denied: denied"),
        expected: "the base image cannot be had: denied: denied",
    },
    "a registry that cannot be reached": {
        output: failing(
            "pushing ghcr.io/lab/recall:1a2b with docker",
            [],
            'Get "https://ghcr.io/v2/": dial tcp: connect: connection refused',
        ),
        expected:
            'the registry ghcr.io did not take the image: Get "https://ghcr.io/v2/": dial tcp: connect: connection refused',
    },
    "an engine that is not running": {
        output: ["ERROR: failed to connect to the docker API at unix:///var/run/docker.sock; check if …"],
        expected: /^Docker cannot be reached: .*DOCKER_HOST/,
    },
    "an older client's engine that is not running": {
        output: [
            "ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        ],
        expected: /^Docker cannot be reached/,
    },
    "an engine of somebody else": {
        output: ["ERROR: permission denied while trying to connect to the docker API at unix:///var/run/docker.sock"],
        expected: /group `docker`/,
    },
    "a docker without buildx": {
        output: ["unknown flag: --platform", "See 'docker --help'."],
        expected: /docker-buildx/,
    },
    "a full disk": {
        output: failing(PIP, ["ERROR: Could not install packages: [Errno 28] No space left on device"], PROCESS),
        expected: /disk is full/,
    },
    "emulation that is missing": {
        output: failing("[prepared 2/5] RUN apt-get update", ["exec /bin/sh: exec format error"], PROCESS),
        expected: /platform: give it the emulation \(`docker run .*binfmt --install all`/,
    },
    "something nobody has thought of": {
        output: ["#1 building", "ERROR: failed to build: failed to solve: the moon is full"],
        expected: "the moon is full",
    },
    "nothing at all": { output: [], expected: "docker said nothing" },
};

suite("the explanation of a failed build", () => {
    for (const [what, { output, expected }] of Object.entries(cases)) {
        test(`names ${what}`, () => {
            const explained = explainFailure({ output, repository: "ghcr.io/lab/recall" });
            if (typeof expected === "string") assert.equal(explained, expected);
            else assert.match(explained, expected);
        });
    }

    test("is one line, and no longer than one can read", () => {
        const output = failing("[2/4] RUN x", [`a\u2028b ${"y".repeat(4000)}`], PROCESS);
        const explained = explainFailure({ output, repository: "r" });
        assert.ok(explained.length < 400);
        assert.doesNotMatch(explained, /[\n\u2028]/);
    });

    test("finds the failing step when its first line is too far back to be remembered", () => {
        const output = failing(PIP, ["ERROR: No matching distribution found for x"], PROCESS).slice(3);
        assert.match(explainFailure({ output, repository: "r" }), /No matching distribution found for x/);
    });
});
