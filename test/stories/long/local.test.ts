import { test } from "node:test";
import { equippedServer } from "../../support/testLab.ts";
import { playAtLaptop } from "../steps/local/sitting.ts";

test("an experiment on the machine of who works on it, beside others and in careless hands", async () => {
    await using server = await equippedServer("local");
    await playAtLaptop("playCareless.ts", { DALLINGER_E2E_SERVER: server.name });
});
