import { test } from "node:test";
import {
    asksNoRegistry,
    goesBack,
    leavesNoImage,
    letsInForBuild,
    letsOutAfterBuilds,
    movesLittle,
    movesWhole,
    sharesDependencies,
    sharesWhatIsThere,
} from "../steps/delivery/deliveries.ts";
import { newGround } from "../steps/delivery/ground.ts";
import { stepsOf } from "../steps/deployment/steps.ts";

test("an experiment is deployed without a registry", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    const { bySsh, byServer } = ground;
    await step("by ssh, the first time as a whole", () => movesWhole(ground));
    await step("by ssh, after a change of one line, with less than two megabytes", () => movesLittle(ground, bySsh));
    await step("another experiment that needs the same packages, with less than two megabytes", () =>
        sharesDependencies(ground),
    );
    await ground.experiment.change();
    await step(
        "built by the server, without an engine here, and only then is the login user in the group `docker`",
        () => letsInForBuild(ground),
    );
    await step("built by the server, after a change of one line, with less than two megabytes", () =>
        movesLittle(ground, byServer),
    );
    await step("what one way has brought the other one does not bring again", () => sharesWhatIsThere(ground));
    await step("a rollback brings back an image that only the server has", () => goesBack(ground));
    await step("an app that goes leaves no image, but what another one has", () => leavesNoImage(ground));
    await step("with the last app that the server builds, the login user leaves the group `docker`", () =>
        letsOutAfterBuilds(ground),
    );
    await step("the registry was asked for nothing", () => asksNoRegistry(ground));
});
