import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { output } from "@pulumi/pulumi";
import fc from "fast-check";
import { allowedTimes } from "../../../../components/targets/server/allowedTimes.ts";

const seconds = (time: string) => Number(/^(\d+)s$/.exec(time)?.[1]);

suite("the time that an app's commands may take", () => {
    test("is longer than whatever the configuration lets them wait for", () => {
        const workers = fc.integer({ min: 1, max: 86_400 });
        const healthy = fc.integer({ min: 10, max: 3600 });
        const quiet = fc.integer({ min: 0, max: 3600 });
        fc.assert(
            fc.property(workers, healthy, quiet, (workersTimeout, healthyWithin, quietWithin) => {
                const {
                    create,
                    update,
                    delete: removal,
                } = allowedTimes({
                    ...{ workersTimeout, healthyWithin, quietWithin },
                });
                const [locks, pull] = [2 * 900, 1800];
                for (const time of [create, update]) {
                    assert.ok(seconds(time) > locks + pull + quietWithin + 3 * healthyWithin + workersTimeout + 120);
                }
                assert.ok(seconds(removal) > locks + workersTimeout + 3600, "and saves what there is");
            }),
        );
    });

    test("is the longest that can be configured where that is known only later", () => {
        const most = allowedTimes({ workersTimeout: 86_400, healthyWithin: 3600, quietWithin: 3600 });
        const later = { workersTimeout: output(1), healthyWithin: output(1), quietWithin: output(1) };
        assert.deepEqual(allowedTimes(later), most);
    });
});
