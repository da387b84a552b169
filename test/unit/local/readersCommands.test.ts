import assert from "node:assert/strict";
import { test } from "node:test";
import { forReader } from "../../../components/local/readersCommands.ts";

const message = [
    "the configuration of stack lab1 is not right:",
    "  - dallinger:server.host: is missing; pulumi does not guess it",
    "        pulumi config set --path 'dallinger:server.host' HOST",
    "        ssh-keyscan HOST, then pulumi config set --path 'dallinger:server.hostKey' KEY",
    "after that run `pulumi up` again",
].join("\n");

test("who works with ./pulumi is told commands that work in their shell", () => {
    assert.deepEqual(forReader(message, { DALLINGER_PULUMI: "./pulumi" }).split("\n"), [
        "the configuration of stack lab1 is not right:",
        "  - dallinger:server.host: is missing; pulumi does not guess it",
        "        ./pulumi config set --path 'dallinger:server.host' HOST",
        "        ssh-keyscan HOST, then ./pulumi config set --path 'dallinger:server.hostKey' KEY",
        "after that run `./pulumi up` again",
    ]);
});

test("who works with a pulumi of their own is told that", () => {
    assert.equal(forReader(message, {}), message);
    assert.equal(forReader(message, { DALLINGER_PULUMI: "" }), message);
});

test("a command is told as it was called, whatever that is", () => {
    assert.equal(forReader("`pulumi up`", { DALLINGER_PULUMI: "../a $& b/pulumi" }), "`../a $& b/pulumi up`");
});
