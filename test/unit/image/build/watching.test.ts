import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type BuildRequest, taggedName } from "../../../../components/image/build/dockerBuild.ts";
import { watchingArguments, watchingHash } from "../../../../components/image/build/watching.ts";

const request: BuildRequest = {
    ...{
        path: "recall",
        repository: "lab/recall",
        platform: "linux/amd64",
        buildArgs: {},
        strict: false,
        knownHosts: [],
    },
    ...{ delivery: "local", contentHash: "0123456789abcdef", watching: watchingHash() },
};

suite("what follows edits, on top of an image", () => {
    test("has another name than the image without it, which others may be running", () => {
        const { watching: _, ...without } = request;
        assert.equal(taggedName(without), "lab/recall:01234567");
        assert.equal(taggedName(request), "lab/recall:01234567-local");
    });

    test("goes on running as who the image runs as, by the packages of the image's base where that is known", () => {
        const args = watchingArguments(request, { builder: "colima", user: "10001:10001", python: "python:3.13" });
        const built = args.filter((_, index) => args[index - 1] === "--build-arg");
        assert.deepEqual(built, ["IMAGE=lab/recall:01234567-base", "RUNS_AS=10001:10001", "PYTHON=python:3.13"]);
        assert.deepEqual(args.slice(0, 4), ["buildx", "build", "--builder", "colima"]);
        const ofOwn = watchingArguments(request, { builder: "default", user: "", python: undefined });
        assert.deepEqual(
            ofOwn.filter((_, index) => ofOwn[index - 1] === "--build-arg"),
            ["IMAGE=lab/recall:01234567-base"],
        );
    });

    test("is found by the repository that it was built for, also once another has its name", () => {
        const args = watchingArguments(request, { builder: "default", user: "", python: undefined });
        assert.ok(args.includes("dallinger.watching-for=lab/recall"));
    });
});
