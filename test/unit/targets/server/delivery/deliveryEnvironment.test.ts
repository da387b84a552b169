import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    type DeliveryRequest,
    fromDeliveryEnvironment,
    toDeliveryEnvironment,
} from "../../../../../components/targets/server/delivery/deliveryEnvironment.ts";

const REQUEST: DeliveryRequest = {
    build: {
        path: "examples/recall",
        repository: "recall",
        platform: "linux/amd64",
        buildArgs: {},
        contentHash: "0123456789abcdef".repeat(4),
        delivery: "ssh",
        strict: false,
        knownHosts: [],
    },
    server: { host: "203.0.113.7", port: 2222, user: "debian", hostKey: "ssh-ed25519 AAAA" },
    app: "recall",
    freeSpace: 2048,
    mended: "",
};

suite("what the delivery program is told", () => {
    test("arrives unchanged", () => {
        for (const request of [REQUEST, { ...REQUEST, mended: "today" }]) {
            assert.deepEqual(fromDeliveryEnvironment(toDeliveryEnvironment(request)), request);
        }
    });

    for (const name of Object.keys(toDeliveryEnvironment(REQUEST)).filter((key) => !key.endsWith("IMAGE_DELIVERY"))) {
        test(`is refused without ${name}`, () => {
            const environment = { ...toDeliveryEnvironment(REQUEST), [name]: undefined };
            assert.throws(() => fromDeliveryEnvironment(environment), new RegExp(`${name} is not set`));
        });
    }
});
