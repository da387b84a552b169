import { test } from "node:test";
import { playAtLaptop } from "../steps/local/sitting.ts";

test("an experiment runs on the machine of who works on it", async () => {
    await playAtLaptop("play.ts");
});
