import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { parseConfigTxt } from "../../../../components/configuration/settings/configTxt.ts";
import { setInConfigTxt } from "../../../../components/configuration/settings/configTxtEdit.ts";

const KEY = "docker_image_name";
const set = (text: string) => setInConfigTxt(text, KEY, "NEW");

/** What is there before, and after. */
const EDITS: Readonly<Record<string, readonly [string, string]>> = {
    "at the end of the last section": ["[A]\na = 1\n", "[A]\na = 1\ndocker_image_name = NEW\n"],
    "before blank lines at the end": ["[A]\na = 1\n\n\n", "[A]\na = 1\ndocker_image_name = NEW\n\n\n"],
    "after a last line without end": ["[A]\na = 1", "[A]\na = 1\ndocker_image_name = NEW\n"],
    "with the file's own line ends": ["[A]\r\na = 1\r\n", "[A]\r\na = 1\r\ndocker_image_name = NEW\r\n"],
    "in an empty file": ["", "[Parameters]\ndocker_image_name = NEW\n"],
    "in place of what it was": ["[A]\ndocker_image_name=old\nb = 2\n", "[A]\ndocker_image_name=NEW\nb = 2\n"],
    "however it is written": ["[A]\n Docker_Image_Name :  old\r\nb: 2", "[A]\n Docker_Image_Name :  NEW\r\nb: 2"],
    "in place of several lines, comments between them kept": [
        "[A]\ndocker_image_name =\n  old\n# why\n  older\nb = 2\n",
        "[A]\ndocker_image_name =NEW\n# why\nb = 2\n",
    ],
    "and not in a comment": [
        "[A]\n# docker_image_name = old\n",
        "[A]\n# docker_image_name = old\ndocker_image_name = NEW\n",
    ],
    "and not in another option's value": [
        "[A]\na = 1\n  docker_image_name = old\n",
        "[A]\na = 1\n  docker_image_name = old\ndocker_image_name = NEW\n",
    ],
};

suite("a key of a config.txt is set", () => {
    for (const [where, [before, after]] of Object.entries(EDITS)) {
        test(where, () => assert.equal(set(before), after));
    }

    test("to any value, and nothing else is", () => {
        const line = fc.constantFrom(
            "a = 1",
            "b: 2",
            "  more",
            "",
            "# comment",
            "[B]",
            "docker_image_name = old",
            "docker_image_name:",
            "  c = 3",
        );
        const value = fc.stringMatching(/^[a-z0-9.:/@%-]{1,40}$/);
        fc.assert(
            fc.property(
                fc.array(line, { maxLength: 12 }),
                fc.constantFrom("\n", "\r\n"),
                value,
                (lines, end, wanted) => {
                    const before = ["[A]", ...lines].join(end);
                    const old = parseConfigTxt(before);
                    fc.pre(old.problems.length === 0);
                    const found = parseConfigTxt(setInConfigTxt(before, KEY, wanted));
                    assert.deepEqual(found.problems, []);
                    assert.deepEqual(found.values, new Map([...old.values, [KEY, wanted]]));
                },
            ),
            { numRuns: 500 },
        );
    });
});
