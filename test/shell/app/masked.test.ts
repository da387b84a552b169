import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import fc from "fast-check";
import { hiddenTexts } from "../../../components/app/hiddenTexts.ts";

const templates = join(import.meta.dirname, "../../../templates");
const awkward = `k3y"&<x> /$w'\\%+#{7`;

/** Ways in which programs write a value down, each with others around it. */
const written: Readonly<Record<string, (value: string) => string>> = {
    "as it is": (value) => `password=${value};`,
    "in JSON": (value) => JSON.stringify({ password: value }),
    "in JSON in JSON": (value) => JSON.stringify(JSON.stringify({ password: value })),
    "as Python shows it": (value) => `{'password': '${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'}`,
    "in an address": (value) => `https://host/?a=1&password=${encodeURIComponent(value)}&b=2`,
    "in a form": (value) => new URLSearchParams({ a: "1", password: value, b: "2" }).toString(),
    "in base64": (value) => Buffer.from(`user:${value}:more`).toString("base64"),
    "in base64 a byte later": (value) => Buffer.from(`user2:${value}:more`).toString("base64"),
    "in base64 two bytes later": (value) => Buffer.from(`user22:${value}:more`).toString("base64url"),
    "in hexadecimal digits": (value) => Buffer.from(`user:${value}`).toString("hex"),
};

suite("log lines that are shown", () => {
    let folder = "";

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "masked-"));
        mkdirSync(join(folder, "bin"));
        mkdirSync(join(folder, "current"));
        for (const script of [
            "shared/messages.sh",
            "shared/server.sh",
            "shared/receive.sh",
            "app/app.sh",
            "app/timeline.sh",
        ]) {
            cpSync(join(templates, script), join(folder, "bin", script.slice(script.indexOf("/") + 1)));
        }
    });

    after(() => rmSync(folder, { recursive: true }));

    function masked(secrets: readonly string[], lines: string): string {
        writeFileSync(join(folder, "current/secrets"), hiddenTexts(secrets).join("\n"));
        const script = 'bin=$1; . "$bin/app.sh"; masked';
        return execFileSync("sh", ["-c", script, "sh", join(folder, "bin")], { input: lines, encoding: "utf8" });
    }

    for (const [way, write] of Object.entries(written)) {
        test(`hide a secret ${way}`, () => {
            const line = write(awkward);
            const shown = masked(["another", awkward], `${line}\n`);
            assert.match(shown, /\[secret\]/);
            assert.ok(shown.length < line.length);
            for (const text of hiddenTexts([awkward])) assert.ok(!shown.includes(text), text);
        });
    }

    test("hide any secret, wherever it stands, once or more", () => {
        const secret = fc
            .string({ minLength: 8, maxLength: 30, unit: "grapheme-ascii" })
            .filter((text) => text === text.trim());
        const word = fc.string({ maxLength: 12, unit: fc.constantFrom("a", " ", "=") });
        fc.assert(
            fc.property(secret, word, word, fc.constantFrom(...Object.values(written)), (value, left, right, write) => {
                const shown = masked([value], `${left}${write(value)}${right}${write(value)}\n`);
                for (const text of hiddenTexts([value])) assert.ok(!shown.includes(text), text);
            }),
            { numRuns: 60 },
        );
    });

    test("keep everything else", () => {
        const line = "GET /summary 503, user admin, 12 words";
        assert.equal(masked(["abc", awkward], `${line}\n`), `${line}\n`);
    });

    for (const [title, list] of Object.entries({ missing: undefined, empty: "" })) {
        test(`are kept back when the list of what is secret is ${title}: nobody knows what may be shown`, () => {
            const path = join(folder, "current/secrets");
            rmSync(path, { force: true });
            if (list !== undefined) writeFileSync(path, list);
            const script = 'bin=$1; . "$bin/app.sh"; masked 2>/dev/null';
            const input = `password=${awkward}\nanother line\n`;
            const shown = execFileSync("sh", ["-c", script, "sh", join(folder, "bin")], { input, encoding: "utf8" });
            assert.match(shown, /^\(lines are kept back: \S+\/current\/secrets, .*, cannot be read\)\n$/);
        });
    }

    test("keep ordinary text in which a short secret's encodings stand", () => {
        assert.deepEqual(hiddenTexts(["abcd"]), ["abcd"]);
    });
});
