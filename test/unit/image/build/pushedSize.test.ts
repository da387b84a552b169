import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { describePushed } from "../../../../components/image/build/pushedSize.ts";

suite("the size of an image in its registry", () => {
    test("is that of its layers", () => {
        const json = JSON.stringify({ config: { size: 9 }, layers: [{ size: 1_000_000 }, { size: 234_567 }] });
        assert.equal(describePushed(json), "2 layers, 1.23 MB compressed");
    });

    for (const json of ["", "null", '{"manifests":[]}', '{"layers":[]}', '{"layers":[{"size":"1"}]}']) {
        test(`is not told from ${JSON.stringify(json)}`, () => assert.equal(describePushed(json), undefined));
    }
});
