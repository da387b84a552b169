import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { whatNext } from "../../../ops/leave.ts";
import { readFolder } from "../../../ops/restore.ts";
import { readAppState } from "../../../ops/stackState.ts";

const urn = (type: string, name: string) =>
    `urn:pulumi:recall::dallinger::dallinger:index:ExperimentApp$${type}::${name}`;
const command = (noun: string) => ({ urn: urn("command:remote:Command", `experiment-${noun}`), outputs: {} });
const owner = { urn: urn("random:index/randomUuid:RandomUuid", "experiment-owner"), outputs: { result: "the-owner" } };

suite("the app in a stack's state", () => {
    test("is what of it is on a server, and whose it is", () => {
        const server = "urn:pulumi:recall::dallinger::dallinger:index:Server$command:remote:Command::server-claim";
        const resources = [{ urn: server }, owner, command("claim"), command("database")];
        const { commands, ...rest } = readAppState({ version: 3, deployment: { resources } });
        assert.deepEqual([...commands], ["claim", "database"]);
        assert.deepEqual(rest, { claim: command("claim").urn, owner: "the-owner" });
    });

    test("keeps its owner when it has left", () => {
        const { commands, claim, owner: whose } = readAppState({ deployment: { resources: [owner] } });
        assert.deepEqual([commands.size, claim, whose], [0, undefined, "the-owner"]);
    });

    for (const empty of [{ deployment: {} }, { deployment: null }, {}]) {
        test(`is nowhere in ${JSON.stringify(empty)}`, () => {
            const { commands, ...rest } = readAppState(empty);
            assert.deepEqual([commands.size, rest], [0, { claim: undefined, owner: undefined }]);
        });
    }
});

suite("the folder of a fetched backup", () => {
    test("says which app's it is, and its name", () => {
        const found = { app: "recall", name: "20260101T120000Z" };
        assert.deepEqual(readFolder("backups/203.0.113.7/recall/20260101T120000Z"), found);
        assert.deepEqual(readFolder("/somewhere/recall/20260101T120000Z/"), found);
        assert.equal(readFolder("recall/20260101T120000Z-4711").name, "20260101T120000Z-4711");
    });

    for (const wrong of ["backups/203.0.113.7", "recall/20260101T120000Z.incoming", "a b/20260101T120000Z"]) {
        test(`is not ${wrong}`, () => {
            assert.throws(
                () => readFolder(wrong),
                /is not a folder …\/APP\/TIME as `\.\/ops\/dallinger backups fetch`/,
            );
        });
    }
});

suite("what an operator reads when an app has left", () => {
    const commands = (serverStack: string | undefined, stack: string | undefined) =>
        whatNext({ name: "recall", serverStack }, stack, "20260101T120000Z")
            .split("\n")
            .filter((line) => line.startsWith("  "))
            .map((line) => line.replace(/ {3}\(.*/, "").trim());

    test("is the way to another server", () => {
        assert.deepEqual(commands("lab1", undefined), [
            "./ops/dallinger backups fetch --stack lab1",
            "./pulumi config set --path 'dallinger:experiment.on.stack' NEW",
            "./ops/dallinger restore FOLDER",
            "./pulumi up",
        ]);
    });

    test("names the stack where it was named, and lets go of a server of its own", () => {
        assert.deepEqual(commands("recall", "recall"), [
            "./ops/dallinger backups fetch --stack recall",
            "./pulumi config rm dallinger:server --stack recall",
            "./pulumi config set --path 'dallinger:experiment.on.stack' NEW --stack recall",
            "./ops/dallinger restore FOLDER --stack recall",
            "./pulumi up --stack recall",
        ]);
    });
});
