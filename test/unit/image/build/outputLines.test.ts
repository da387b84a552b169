import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isTransferProgress, shownLines } from "../../../../components/image/build/outputLines.ts";

suite("lines of a build's output", () => {
    test("lose colours and cursor movements", () => {
        assert.deepEqual(shownLines("\u001b[31mERROR\u001b[0m: no\u001b[2K"), ["ERROR: no"]);
    });

    test("are those that a progress bar writes over each other", () => {
        assert.deepEqual(shownLines("10%\r20%\r\n\n30%  "), ["10%", "20%", "30%"]);
    });

    test("are never 4 KiB long, and never end in half a character", () => {
        fc.assert(
            fc.property(fc.string({ unit: "grapheme", minLength: 1500, maxLength: 9000 }), (text) => {
                for (const line of shownLines(text)) {
                    assert.ok(Buffer.byteLength(line) < 4096);
                    assert.ok(!line.includes("\uFFFD") || text.includes("\uFFFD"));
                }
            }),
            { numRuns: 30 },
        );
    });

    test("keep what fits", () => {
        const line = "x".repeat(4000);
        assert.deepEqual(shownLines(line), [line]);
        assert.deepEqual(shownLines(`${line}y`), [`${line} …`]);
    });
});

suite("lines that only say how far a transfer is", () => {
    const some = ["#19 pushing layer 8cf33fe684ce 213.48MB / 226.10MB 14.1s", "#5 sha256:1a2b 1.05MB / 29.15MB 0.3s"];
    for (const line of some) test(`are told by ${line}`, () => assert.ok(isTransferProgress(line)));

    const none = [
        "#19 pushing layer 8cf33fe684ce 16.6s done",
        "#10 3.4 Downloading x.whl (4.1 MB)",
        "#19 DONE 16.9s",
        "",
    ];
    for (const line of none) test(`are not ${JSON.stringify(line)}`, () => assert.ok(!isTransferProgress(line)));
});
