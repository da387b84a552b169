import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { withSecondsPerStory } from "../../stories/secondsPerStory.ts";

const says = (message: string, file?: string) => ({ type: "test:diagnostic", data: { nesting: 0, message, file } });
const completes = (name: string, file: string, milliseconds: number) => ({
    type: "test:complete",
    data: { name, file, nesting: 0, details: { duration_ms: milliseconds } },
});

async function messages(events: readonly object[]): Promise<string[]> {
    const source = (async function* () {
        yield* events as TestEvent[];
    })();
    const found: string[] = [];
    for await (const event of withSecondsPerStory(source)) {
        if (event.type === "test:diagnostic") found.push(event.data.message);
    }
    return found;
}

suite("nobody sees which story takes how long", () => {
    const events = [
        completes("a step", "/there/launch.test.ts", 9000),
        says("tests 3", "/there/launch.test.ts"),
        completes("/there/launch.test.ts", "/there/launch.test.ts", 12_400),
        completes("/there/updates.test.ts", "/there/updates.test.ts", 123_600),
        says("tests 7"),
        says("fail 0"),
    ];

    test("the closing lines begin with the seconds of each file, the longest first, and stay", async () => {
        assert.deepEqual((await messages(events)).slice(1), [
            "seconds per story:",
            "   124  updates",
            "    12  launch",
            "tests 7",
            "fail 0",
        ]);
    });

    test("every event comes through as it was", async () => {
        const source = (async function* () {
            yield* events as TestEvent[];
        })();
        const through: TestEvent[] = [];
        for await (const event of withSecondsPerStory(source)) through.push(event);
        assert.deepEqual(
            events.filter((event) => !through.includes(event as TestEvent)),
            [],
        );
    });
});
