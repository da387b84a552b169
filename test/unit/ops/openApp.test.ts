import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type AppOutputs, addressToOpen } from "../../../ops/openApp.ts";

const onServer: AppOutputs = {
    url: "https://recall.lab.example",
    dashboardUrl: "https://recall.lab.example/dashboard",
    dashboardUser: "admin",
    dashboardPassword: "the-password",
    recruitment: "come in",
};
const here: AppOutputs = { ...onServer, url: "http://localhost:5000", composeFile: "local/recall-a1b2c3/compose.yaml" };

suite("./ops/dallinger open", () => {
    test("opens an app on this machine as somebody who has been recruited", () => {
        const address = "http://localhost:5000/ad?generate_tokens=1&recruiter=hotair";
        assert.equal(addressToOpen(here), address);
        assert.equal(addressToOpen(here, "participant"), address);
    });

    test("opens the dashboard of one on a server, in whose study nobody takes part by that", () => {
        assert.equal(addressToOpen(onServer), "https://recall.lab.example/dashboard");
        assert.throws(() => addressToOpen(onServer, "participant"), /would be one of the study's/);
    });

    test("opens nothing where that is wanted", () => {
        assert.equal(addressToOpen(here, "none"), undefined);
    });
});
