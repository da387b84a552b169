import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { output, secret } from "@pulumi/pulumi";
import { buildImage, chooseImage } from "../../../components/program/chooseImage.ts";
import { serverTarget } from "../../../components/targets/server/serverTarget.ts";
import { check, EXPERIMENT } from "../configuration/rawConfiguration.ts";
import { record } from "../record.ts";
import { args } from "../targets/server/exampleApp.ts";

const ID = `sha256:${"0".repeat(64)}`;
const DIGEST = `ghcr.io/lab/recall@${ID}`;

/** What a stack with this image runs when it is rolled back to a release of that one. */
async function rolledBackTo(retained: string, image: object) {
    const rollback = {
        ...{
            release: "0123456789ab",
            image: retained,
            contentHash: "0123abcd",
            commit: "c0ffee",
            workers: 1,
            clock: false,
        },
        ...{ settings: { mode: "live", recruiter: "hotair" }, secrets: [] },
    };
    const { experiment } = check({ rollback, experiment: { ...EXPERIMENT, image } }).configuration ?? {};
    assert.ok(experiment !== undefined);
    return await record(() => {
        const built = buildImage(experiment, "linux/amd64");
        const target = serverTarget({
            server: output(args.server),
            prepared: undefined,
            serverSecrets: {},
            experimentSecrets: secret({}),
        });
        return chooseImage(experiment, built, target);
    });
}

test("an image is refused that cannot get to where the experiment is to run", async () => {
    const image = { repository: "ghcr.io/lab/recall", delivery: "ssh" };
    const { experiment } = check({ experiment: { ...EXPERIMENT, image } }).configuration ?? {};
    assert.ok(experiment !== undefined);
    await record(() => {
        const server = serverTarget({
            server: output(args.server),
            prepared: undefined,
            serverSecrets: {},
            experimentSecrets: secret({}),
        });
        const target = { ...server, deliveries: ["registry"] as const };
        assert.throws(() => chooseImage(experiment, undefined, target), /image\.delivery must be registry where/);
        return undefined;
    });
});

suite("a stack that is rolled back", () => {
    for (const image of [
        { repository: "ghcr.io/lab/recall" },
        { reference: "ghcr.io/lab/recall:1.0" },
        { delivery: "ssh" },
        { delivery: "server" },
    ]) {
        for (const kept of [DIGEST, ID]) {
            test(`runs ${kept.slice(0, 20)}…, and builds, brings and asks nothing, with ${JSON.stringify(image)}`, async () => {
                const { built: chosen, registered } = await rolledBackTo(kept, image);
                const { image: runs, contentHash, plannedImage, commit, after, ...others } = chosen;
                const outputs = [runs, contentHash, plannedImage, commit];
                const values = outputs.map((one) => new Promise((resolve) => one?.apply(resolve)));
                const planned = kept === ID ? "0123abcd" : "ghcr.io/lab/recall@0123abcd";
                assert.deepEqual(await Promise.all(values), [kept, "0123abcd", planned, "c0ffee"]);
                assert.deepEqual([registered, after, others], [[], [], {}]);
            });
        }
    }
});
