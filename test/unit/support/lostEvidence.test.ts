import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { tellLost, troubles } from "../../stories/steps/releases/lostEvidence.ts";
import { loadFor } from "../../stories/steps/releases/served.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second));

suite("the test of the load ends without saying what was lost", () => {
    test("a lost request is told with the step of the redeploy that ran, and what happened around it", () => {
        const happened = [
            { at: at(31), text: "docker: container die web-1" },
            { at: at(2), text: "update image-build" },
            { at: at(20), text: "starting web and workers of the release" },
            { at: at(50), text: "update image-build" },
        ];
        const request = { asked: at(30), lost: at(30), text: "POST /info/3: Error: socket hang up; new connection" };
        assert.equal(
            tellLost(request, happened),
            [
                "lost: 2026-01-01T12:00:30.000Z POST /info/3: Error: socket hang up; new connection",
                "    2026-01-01T12:00:20.000Z starting web and workers of the release",
                "    2026-01-01T12:00:31.000Z docker: container die web-1",
            ].join("\n"),
        );
    });

    test("a log of Caddy's without errors is no error", () => {
        const info = '{"level":"info","ts":1,"msg":"serving initial configuration"}';
        assert.deepEqual(troubles(`${info}\n`), []);
        const warn = '{"level":"warn","ts":2,"msg":"aborting with incomplete response","error":"EOF"}';
        const error = '{"level":"error","ts":3,"msg":"dial tcp: connection refused"}';
        assert.deepEqual(troubles([info, warn, info, error].join("\n")), [warn, error]);
    });

    test("a machine that serves less is asked for less, and none for more than fifty a second", () => {
        assert.deepEqual([400, 84, 83, 30, 0.5].map(loadFor), [50, 50, 49, 18, 1]);
    });
});
