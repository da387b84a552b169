import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { execa } from "execa";
import { quote } from "../../../../components/configuration/checking/shellWord.ts";

suite("a word of a shell", () => {
    for (const word of ["", "a b", "it's", "$HOME", "`id`", "a\nb", "\\", "-n", "; rm -rf ~", "a=b"]) {
        test(`is given back by a real one: ${JSON.stringify(word)}`, async () => {
            const { stdout } = await execa("sh", ["-c", `printf %s ${quote(word)}; printf .`]);
            assert.equal(stdout, `${word}.`);
        });
    }
});
