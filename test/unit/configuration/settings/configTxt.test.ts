import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseConfigTxt } from "../../../../components/configuration/settings/configTxt.ts";

const read = (text: string) => Object.fromEntries(parseConfigTxt(text).values);
const wrong = (text: string) =>
    parseConfigTxt(text)
        .problems.map(({ where, message }) => `${where}: ${message}`)
        .join("\n");

suite("config.txt is read as Python's configparser reads it", () => {
    const cases: readonly (readonly [string, string, Record<string, string>])[] = [
        ["nothing", "", {}],
        ["sections only group", "[A]\na = 1\n[B]\nb: 2", { a: "1", b: "2" }],
        ["a later section wins", "[A]\na = 1\n[B]\na = 2", { a: "2" }],
        ["keys are in lower case, values as they are", "[A]\nTitle = My Story", { title: "My Story" }],
        ["the first separator counts", "[A]\nurl = http://a:1?b=c", { url: "http://a:1?b=c" }],
        ["spaces around are dropped", "[A]\n\ta\t=  b c \r\n", { a: "b c" }],
        ["a key may hold spaces", "[A]\na b = 1", { "a b": "1" }],
        ["a value may be empty", "[A]\na =", { a: "" }],
        ["whole lines are comments", "# x = 1\n[A]\n; y = 1\n  # z = 1\na = 1", { a: "1" }],
        ["the end of a line is no comment", "[A]\na = 1 # one ; two", { a: "1 # one ; two" }],
        ["deeper lines go on", "[A]\na = 1\n  2\n # no\n\n   3\n\nb = 4", { a: "1\n2\n\n3", b: "4" }],
        ["as deep as before is a new key", "[A]\n  a = 1\n  b = 2", { a: "1", b: "2" }],
        ["text behind a header is ignored", "[A] B\na = 1", { a: "1" }],
        ["DEFAULT counts everywhere", "[DEFAULT]\na = 1\nb = 1\n[A]\nb = 2", { a: "1", b: "2" }],
        ["DEFAULT alone is nothing", "[DEFAULT]\na = 1", {}],
        ["%% is %", "[A]\na = 100%%", { a: "100%" }],
        ["%(key)s inserts", "[DEFAULT]\nd = 1\n[A]\nb = %(D)s2\na = %(b)s3", { d: "1", b: "12", a: "123" }],
    ];
    for (const [title, text, expected] of cases) test(title, () => assert.deepEqual(read(text), expected));

    const refused: readonly (readonly [string, string, RegExp])[] = [
        ["a key before any section", "a = 1", /line 1: .*\[Parameters\]/],
        ["a line that is neither", "[A]\nnothing", /line 2: is neither/],
        ["a line without key", "[A]\n= 1", /line 2: is neither/],
        ["a section twice", "[A]\n[B]\n[A]", /line 3: the section \[A\]/],
        ["a key twice in a section", "[A]\na = 1\nA = 2", /line 3: the key a/],
        ["a lone %", "[A]\na = 100% sure", /a: holds a %/],
        ["an inserted key that is not there", "[A]\na = %(b)s", /a: inserts b, which is not there/],
        ["keys that insert each other", "[A]\na = %(b)s\nb = %(a)s", /a: .*without end/],
    ];
    for (const [title, text, message] of refused) test(`refuses ${title}`, () => assert.match(wrong(text), message));
});
