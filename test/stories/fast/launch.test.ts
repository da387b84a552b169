import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readDiagnostics } from "../../support/diagnostics.ts";
import { type Operator, operatorWith } from "../../support/operator.ts";
import { dallinger } from "../../support/projectCommand.ts";
import { equippedServer, type TestServer, testLab } from "../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../support/testStack.ts";
import { copyHoldingExample, HeldLaunch } from "../steps/launch/heldLaunch.ts";

describe("an experiment is launched once, whatever happens", () => {
    const resources = new AsyncDisposableStack();
    let server: TestServer;
    let stackOf: (app: string) => TestStack;
    let operatorOf: () => Operator;

    before(async () => {
        const lab = await testLab();
        server = resources.use(await equippedServer("launches"));
        const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
        resources.defer(() => rm(backend, { recursive: true }));
        const stacks = ["server", "first", "second"];
        const operator = resources.use(await operatorWith({ key: lab.key, backend, stacks }));
        await copyHoldingExample(operator.folder, "examples/holding");
        const configuration = Object.entries(exampleConfiguration(lab, server));
        const blocks = (...names: string[]) =>
            Object.fromEntries(configuration.filter(([path]) => names.some((name) => path.startsWith(`${name}.`))));
        for (const name of stacks.slice(1)) {
            const own = { "experiment.name": name, "experiment.on.stack": "server", "settings.clock_on": "false" };
            const path = { "experiment.path": "examples/holding" };
            await operator.stack(name).configure({ ...blocks("experiment", "settings"), ...own, ...path });
        }
        await operator.stack("server").configure(blocks("server"));
        await operator.stack("server").up();
        stackOf = operator.stack;
        operatorOf = () => operator;
    });

    after(() => resources.disposeAsync());

    test("Dallinger's answer that it did not launch is shown", async () => {
        const [stack, launch] = [stackOf("first"), new HeldLaunch(server, "first")];
        await stack.configure({ "settings.recruiter": "NoSuchRecruiter" });
        const [error = "", ...others] = await errorsOf(stack);
        assert.deepEqual(others, []);
        assert.match(error, /Failed to open recruitment.*: No such recruiter NoSuchRecruiter/);
        assert.match(
            error,
            /Dallinger did not launch the experiment: .*; once that is put right, run `\.\/pulumi up` again/,
        );
        assert.deepEqual(await launch.answers(), ["500"]);
        await stack.configure({ "settings.recruiter": "hotair" });
    });

    test("after mending `up` launches; when the answer gets lost, it stops and says how to go on", async () => {
        const [stack, launch] = [stackOf("first"), new HeldLaunch(server, "first")];
        await launch.hold();
        const up = errorsOf(stack);
        await launch.begun(2);
        await launch.killWaiting();
        const advice = adviceIn(await up, "first");
        assert.deepEqual(adviceIn(await errorsOf(stack), "first"), advice);
        await launch.release();
        await launch.done(2);
        const known = await dallinger(operatorOf(), "first", "launch");
        assert.equal(known.exitCode, 3, known.stderr);
        assert.match(known.stdout, /nobody knows its outcome/);
        const accepted = await dallinger(operatorOf(), "first", ...advice.accept.split(" ").slice(1), "--yes");
        assert.equal(accepted.exitCode, 0, accepted.stderr);
        await stack.up();
        assert.match(await stack.output("recruitment"), /the answer was lost, and the launch confirmed by hand/);
        assert.deepEqual(await launch.count(), { begun: 2, done: 2 });
        assert.deepEqual(await launch.answers(), ["200"]);
        await stack.up();
        assert.deepEqual(stack.changed, []);
    });

    test("a launch that ends with the server's web process is not repeated either", async () => {
        const [stack, launch] = [stackOf("second"), new HeldLaunch(server, "second")];
        await launch.hold();
        const up = errorsOf(stack);
        await launch.begun(1);
        await launch.killAll();
        assert.equal((await up).length, 1);
        const { forget } = adviceIn(await errorsOf(stack), "second");
        assert.deepEqual(await launch.count(), { begun: 1, done: 0 });
        await asDebian(server, forget);
        assert.match((await dallinger(operatorOf(), "second", "launch")).stdout, /^not launched yet/);
    });

    test("when a person says that it is not launched, `up` launches, and a lost connection does not matter", async () => {
        const [stack, launch] = [stackOf("second"), new HeldLaunch(server, "second")];
        const up = errorsOf(stack);
        await launch.begun(2);
        await launch.cutConnection();
        assert.equal((await up).length, 1);
        await launch.release();
        await stack.up();
        assert.match(await stack.output("recruitment"), /https:\/\/second\..*\/ad\?recruiter=hotair/);
        assert.deepEqual(await launch.count(), { begun: 2, done: 1 });
        assert.deepEqual(await launch.answers(), ["200"]);
    });
});

/** The errors with which `pulumi up` ends. */
async function errorsOf(stack: TestStack): Promise<string[]> {
    return readDiagnostics(await stack.refusal(() => stack.up()));
}

/** Asserts that the one error is that of a launch whose outcome nobody knows; gives the commands with which it says to go on, one of the operator's and one for the server. */
function adviceIn([error = "", ...others]: readonly string[], app: string): { accept: string; forget: string } {
    assert.deepEqual(others, []);
    assert.match(
        error,
        new RegExp(`a launch of ${app} was begun at \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z and its answer never arrived`),
    );
    assert.match(error, /it is not repeated: a second one would recruit twice/);
    assert.match(
        error,
        /Look at the recruiter's site, at the dashboard, and at `sudo docker compose -p \S+ logs web` on the server/,
    );
    const [, accept = ""] = /If it is launched: `\.\/ops\/(dallinger launch accept)`/.exec(error) ?? [];
    const [, door = ""] =
        /\(or `(sudo \S+ launch) accept`, or `forget`, there\)\. Then run `\.\/pulumi up` again/.exec(error) ?? [];
    return { accept, forget: `${door} forget` };
}

/** A command as a person gives it on the server. */
async function asDebian(server: TestServer, command: string): Promise<void> {
    assert.notEqual(command, "");
    await server.run("runuser", "-u", "debian", "--", "sh", "-c", command);
}
