import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { isFoundAgain, recordsImage, runsByDigest, tagStays, variantsHaveTags } from "../steps/images/elsewhere.ts";
import {
    refusesForeignBuild,
    refusesForeignImage,
    refusesForeignMachine,
    refusesServerOfItsImage,
} from "../steps/images/foreign.ts";
import { newGround } from "../steps/images/ground.ts";

test("an image runs wherever it is named, and nowhere else than it can", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    await step("by digest, without docker and without the experiment's folder", () => runsByDigest(ground));
    await step("two variants with equal dependencies have two tags", () => variantsHaveTags(ground));
    await step("the same code in another checkout is the same image, and not built again", () => isFoundAgain(ground));
    await step("a tag means what it meant until somebody asks", () => tagStays(ground));
    await step("config.txt gets the image's name, and no other line changes", () => recordsImage(ground));
    await step("an ARM64 image (a stub: nothing in it runs) is built, and an amd64 server refuses it", () =>
        refusesServerOfItsImage(ground),
    );
    await step("the same by tag and by digest is refused before anything changes", () => refusesForeignImage(ground));
    await step("an image that is to be built for another platform is refused before any connection", () =>
        refusesForeignBuild(ground),
    );
    await step("a server that is another machine than its stack says is refused", () => refusesForeignMachine(ground));
});
