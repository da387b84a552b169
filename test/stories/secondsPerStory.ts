import { basename } from "node:path";
import type { TestEvent } from "node:test/reporters";

/**
 * A reporter's events, with a line for each test file in front of the runner's closing lines: the seconds that it took, from the
 * start of its process to its end, the longest first. Files that run at the same time each have their own.
 */
export async function* withSecondsPerStory(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
    const stories: { readonly name: string; readonly seconds: number }[] = [];
    let told = false;
    for await (const event of events) {
        if (event.type === "test:complete" && event.data.name === event.data.file) {
            const seconds = event.data.details.duration_ms / 1000;
            stories.push({ name: basename(event.data.file, ".test.ts"), seconds });
        }
        if (!told && isClosing(event)) {
            told = true;
            yield line("seconds per story:");
            for (const { name, seconds } of stories.toSorted((a, b) => b.seconds - a.seconds)) {
                yield line(`${seconds.toFixed(0).padStart(6)}  ${name}`);
            }
        }
        yield event;
    }
}

/** What the runner says of all files together begins with their number of tests. */
function isClosing(event: TestEvent): boolean {
    return event.type === "test:diagnostic" && event.data.file === undefined && /^tests \d+$/.test(event.data.message);
}

function line(message: string): TestEvent {
    return { type: "test:diagnostic", data: { nesting: 0, message, level: "info" } };
}
