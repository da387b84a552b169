import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { ExperimentApp } from "../../../../components/targets/server/experimentApp.ts";
import { reachEnvironment } from "../../../../components/targets/server/reach/reachEnvironment.ts";
import { type Recording, record } from "../../record.ts";
import { args, outputs } from "./exampleApp.ts";

const name = "experiment-reach";

suite("an address that only the server itself has proven", () => {
    let recording: Recording<ExperimentApp>;
    before(async () => {
        recording = await record(() => new ExperimentApp("experiment", args), { outputs });
    });

    test("is asked from the operator's machine, after the site and before the launch", () => {
        const names = recording.registered.map((resource) => resource.name);
        assert.ok(names.indexOf("experiment-site") < names.indexOf(name));
        assert.ok(names.indexOf(name) < names.indexOf("experiment-launch"));
    });

    test("is asked by a program that is told nothing of the machine, of who asks, or of secrets", () => {
        const asked = recording.registered.find((resource) => resource.name === name);
        assert.equal(asked?.inputs.create, "node components/targets/server/reach/reach.ts");
        assert.deepEqual(asked?.secrets, []);
        assert.doesNotMatch(JSON.stringify(asked?.inputs), new RegExp(process.cwd()));
        const environment = Object(asked?.inputs.environment);
        assert.deepEqual(reachEnvironment.read(environment), {
            hostnames: ["recall.203-0-113-7.nip.io"],
            server: "203.0.113.7",
            addresses: [],
            caCertificate: "PEM",
        });
    });

    test("is asked at the addresses that the configuration lists, where it does", async () => {
        const server = { ...Object(args.server), addresses: ["198.51.100.7"] };
        const { registered } = await record(() => new ExperimentApp("experiment", { ...args, server }), { outputs });
        const asked = registered.find((resource) => resource.name === name);
        assert.deepEqual(reachEnvironment.read(Object(asked?.inputs.environment)).addresses, ["198.51.100.7"]);
    });

    test("is not asked where the configuration says that this machine cannot see it", async () => {
        const { registered } = await record(() => new ExperimentApp("experiment", { ...args, checkFromHere: false }), {
            outputs,
        });
        assert.equal(
            registered.find((resource) => resource.name === name),
            undefined,
        );
        assert.ok(registered.some((resource) => resource.name === "experiment-launch"));
    });
});
