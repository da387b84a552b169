import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { castText, settingText } from "../../../../components/configuration/settings/castSetting.ts";
import type { SettingType } from "../../../../components/configuration/settings/dallingerKeys.ts";

/** Text, then the value and the text that the app is given; nothing when Dallinger dies on it. */
const CASTS: Readonly<Record<SettingType, readonly (readonly [string, unknown, string?])[]>> = {
    str: [
        ["", "", ""],
        [" a\n'b\"$ ", " a\n'b\"$ ", " a\n'b\"$ "],
        ["None", "None", "None"],
    ],
    bool: [
        ...["y", "Y", "yes", "t", "TRUE", "on", "1"].map((text) => [text, true, "True"] as const),
        ...["n", "No", "f", "False", "oFF", "0"].map((text) => [text, false, "False"] as const),
        ...["", "None", " true", "2", "enabled"].map((text) => [text, undefined] as const),
    ],
    int: [
        ["5", 5, "5"],
        [" -5\n", -5, "-5"],
        ["+05", 5, "5"],
        ["-0", 0, "0"],
        ["1_000", 1000, "1000"],
        ["12345678901234567890", "12345678901234567890", "12345678901234567890"],
        ...["", "None", "5.0", "1e3", "1__0", "_1", "1_", "0x10", "- 5", "five", "1".repeat(4301)].map(
            (text) => [text, undefined] as const,
        ),
    ],
    float: [
        ["1.50", 1.5, "1.5"],
        ["5", 5, "5"],
        [" .5 ", 0.5, "0.5"],
        ["5.", 5, "5"],
        ["-1e-2", -0.01, "-0.01"],
        ["1_0.5_0", 10.5, "10.5"],
        ...["", "None", ".", "1e", "1,5", "nan", "inf", "1e999", "0x1"].map((text) => [text, undefined] as const),
    ],
    json: [
        ["[1, 2]", "[1, 2]", "[1, 2]"],
        ["{}", "{}", "{}"],
        ["{'a': 1}", undefined],
        ["", undefined],
    ],
};

for (const [type, casts] of Object.entries(CASTS) as [SettingType, (typeof CASTS)[SettingType]][]) {
    suite(`a text for a key of type ${type}`, () => {
        for (const [text, value, sent] of casts) {
            test(`${JSON.stringify(text).slice(0, 30)} is ${value === undefined ? "refused" : JSON.stringify(value)}`, () => {
                const cast = castText(type, text);
                if (value === undefined) assert.ok("wrong" in cast && !("text" in cast));
                else assert.deepEqual(cast, { value, text: sent });
            });
        }
    });
}

suite("what an app is given", () => {
    test("is cast to the same again", () => {
        const types = fc.constantFrom<SettingType>("str", "bool", "int", "float", "json");
        const texts = fc.oneof(
            fc.string(),
            fc.integer().map(String),
            fc.double().map(String),
            fc.json(),
            fc.constantFrom("True", "off"),
        );
        fc.assert(
            fc.property(types, texts, (type, text) => {
                const cast = castText(type, text);
                if ("text" in cast) assert.deepEqual(castText(type, cast.text), cast);
            }),
        );
    });

    test("is any double that was given, to the last digit", () => {
        fc.assert(
            fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
                const cast = castText("float", String(value));
                assert.equal("text" in cast && Number(cast.text), value === 0 ? 0 : value);
            }),
        );
    });
});

suite("a value of the stack's configuration stands for the text that was typed", () => {
    const cases: readonly (readonly [SettingType, unknown, string | RegExp])[] = [
        ["str", "a", "a"],
        ["str", true, "true"],
        ["str", 5, "5"],
        ["int", -0, "0"],
        ["str", Number.MAX_SAFE_INTEGER, "9007199254740991"],
        ["str", Number.MAX_SAFE_INTEGER + 1, /last digit/],
        ["int", 12345678901234567000, /last digit/],
        ["int", 1e21, /last digit/],
        ["float", 1e21, /last digit/],
        ["float", 0.1, "0.1"],
        ["int", 1.5, "1.5"],
        ["str", 1.5, /last digit/],
        ["str", null, /no value/],
        ["str", undefined, /no value/],
        ["str", ["a"], /single value/],
        ["json", { a: [1] }, '{"a":[1]}'],
        ["json", { a: [1e21] }, /last digit/],
        ["json", "[]", "[]"],
    ];
    for (const [type, value, expected] of cases) {
        test(`${type}: ${JSON.stringify(value) ?? "nothing"}`, () => {
            const result = settingText(type, value);
            if (typeof expected === "string") assert.deepEqual(result, { text: expected });
            else assert.match("wrong" in result ? result.wrong : "", expected);
        });
    }
});
