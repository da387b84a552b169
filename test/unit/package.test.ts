import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RandomPassword } from "@pulumi/random";
import {
    appHostnames,
    ExperimentApp,
    type ExperimentAppArgs,
    ExperimentImage,
    plannedImage,
    ReferencedImage,
    SERVICE_IMAGES,
    Server,
    type ServerArgs,
    type ServerTls,
    serverOfStack,
} from "dallinger";
import { renderBuildOutput } from "../../components/image/build/imageName.ts";
import { HOST_KEY } from "./configuration/rawConfiguration.ts";
import { record } from "./record.ts";
import { outputs } from "./targets/server/exampleApp.ts";

const tls: ServerTls = { mode: "internal" };
const host: ServerArgs = { host: "203.0.113.7", hostKey: HOST_KEY, tls, images: SERVICE_IMAGES };
const output = {
    ...{ id: "server-id", layout: 1, host: "203.0.113.7", port: 22, user: "root", hostKey: HOST_KEY, dnsHost: "" },
    ...{ platform: "linux/amd64", caCertificate: "", images: { redis: "redis:8", pgbouncer: "pgbouncer:1" } },
};

test("package.json exports a file that exists", () => {
    const file = new URL("../../package.json", import.meta.url);
    const { exports } = JSON.parse(readFileSync(file, "utf8")) as { exports: string };
    assert.match(readFileSync(new URL(exports, file), "utf8"), /export \{ Server/);
});

test("a program of one's own prepares a server, builds an image and deploys it, by the package's name alone", async () => {
    const repository = "ghcr.io/lab/recall";
    const { registered } = await record(
        () => {
            const { server } = new Server("lab", host);
            const { reference, contentHash, commit } = new ExperimentImage("image", {
                path: "examples/recall",
                repository,
            });
            const hostnames = server.apply((known) => appHostnames("recall", known, []));
            const fingerprintKey = new RandomPassword("fingerprint-key", { length: 32 }).result;
            const settings = { mode: "sandbox", recruiter: "hotair" };
            const planned = plannedImage(repository, contentHash);
            const args: ExperimentAppArgs = {
                app: "recall",
                server,
                image: reference,
                contentHash,
                commit,
                hostnames,
                settings,
                fingerprintKey,
            };
            return new ExperimentApp("recall", { ...args, plannedImage: planned });
        },
        {
            outputs: (resource) => {
                const built = renderBuildOutput({
                    reference: `${repository}@sha256:${"a".repeat(64)}`,
                    commit: "c0ffee",
                });
                return resource.name === "image-build" ? { stdout: built } : outputs(resource);
            },
        },
    );
    const made = registered.map(({ name }) => name);
    for (const name of ["lab-claim", "lab-services", "image-build", "recall-claim", "recall-release", "recall-launch"])
        assert.ok(made.includes(name), name);
});

test("it runs an image that was built before on the server of another stack", async () => {
    const { registered } = await record(
        async () => {
            const server = await serverOfStack("organization/dallinger/lab1");
            return new ReferencedImage("image", { reference: "ghcr.io/lab/recall:1", app: "recall", server });
        },
        { outputs: ({ type }) => (type.endsWith("StackReference") ? { outputs: { server: output } } : { stdout: "" }) },
    );
    assert.ok(registered.some(({ name }) => name === "image-lookup"));
});
