import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import stringWidth from "string-width";
import { renderTable } from "../../../ops/table.ts";

const columns = { NAME: ([name = ""]: string[]) => name, "OF WHAT": ([, what = ""]: string[]) => what };

test("a table has its headings, and each column begins where its heading does", () => {
    assert.deepEqual(
        renderTable(
            [
                ["recall", "running"],
                ["日本", "gone"],
            ],
            columns,
        ),
        ["NAME    OF WHAT", "recall  running", "日本    gone"],
    );
});

test("where there is nothing, nothing is printed", () => {
    assert.deepEqual(renderTable([], columns), []);
});

test("what stands in a table is one line and commands no terminal, whatever it is", () => {
    const text = fc.string({
        unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(..."\t\n\u001b\u009b\u202e\u2028")),
    });
    fc.assert(
        fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
            const [heading = "", ...lines] = renderTable(rows, columns);
            assert.equal(lines.length, rows.length);
            for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\u202e\u2028\u2029]/u);
            assert.ok(stringWidth(heading) > 0);
        }),
    );
});
