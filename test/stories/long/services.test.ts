import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { newGround } from "../steps/releases/ground.ts";
import { renewsCertificate } from "../steps/services/certificates.ts";
import { bringsBack, mendsServer, putsSiteBack, stopsNothing } from "../steps/services/failedChanges.ts";
import { beginsLater, newLaterGround, refusesFormer, takesVolumeAway } from "../steps/services/laterPostgres.ts";
import { resolvesAnew } from "../steps/services/resolvedAnew.ts";

test("a change of the server that fails leaves it as it was", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround("services");
    await step("images that cannot be used stop nothing", () => stopsNothing(ground));
    await step("a PostgreSQL that does not get healthy makes place for the one before", () => bringsBack(ground));
    await step("what was changed by hand is found, and mended by `up`", () => mendsServer(ground));
    await step("a host name without a certificate makes place for the one before", () => putsSiteBack(ground));
    await step("what tags mean anew is announced, and nothing else restarts", () => resolvesAnew(ground));
    await step("a renewed certificate is shown from then on", () => renewsCertificate(ground));
});

test("a server begins with a later major version of PostgreSQL, and keeps it", async (t) => {
    const step = stepsOf(t);
    await using ground = await newLaterGround();
    await step("its files are where the image wants them", () => beginsLater(ground));
    await step("an image of the former version is refused", () => refusesFormer(ground));
    await step("nothing of it stays", () => takesVolumeAway(ground));
});
