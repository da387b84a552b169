import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AppScripts } from "./appScript.ts";

suite("a program of ours in a container of the app's", { skip: process.platform !== "linux" }, () => {
    const run = 'in_container web probe.py http://web 60 >"$folder/log/probe.log" 2>&1 && echo "it answers"';

    test("gets its text and its arguments, and what it says is passed on with its status", (t) => {
        const scripts = new AppScripts(t, 'head -c 10; echo " of the program"; exit 3');
        const { stdout, status, calls } = scripts.run(run);
        assert.deepEqual([status, stdout, calls], [3, "", ["exec -i web python3 - http://web 60"]]);
        assert.equal(scripts.text("log/probe.log"), '"""Waits f of the program\n');
    });

    test("that complains without end fills no disk: it counts as failed", (t) => {
        const scripts = new AppScripts(t, "cat >/dev/null; yes it is never enough >&2");
        assert.notEqual(scripts.run(run).status, 0);
        assert.ok(scripts.text("log/probe.log").length < 5_000_000);
        assert.equal(scripts.run('yes | head -c 9000000 >"$folder/log/other.log"').status, 0, "others have no limit");
    });
});
