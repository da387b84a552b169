import { parse } from "yaml";
import { z } from "zod";
import type { Rollback } from "../components/configuration/experiment/rollback.ts";
import type { StackApp } from "./appOfStack.ts";
import { appOfStack } from "./appOfStack.ts";
import { EXIT } from "./exitStatus.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { type Columns, printList } from "./table.ts";

/** The record of a release that the server keeps. */
const record = z.object({
    release: z.string(),
    applied: z.string(),
    by: z.string(),
    stack: z.string(),
    commit: z.string(),
    image: z.string(),
    contentHash: z.string(),
    workers: z.int(),
    clock: z.boolean(),
    settings: z.record(z.string(), z.string()),
    secrets: z.array(z.string()),
});
type ReleaseRecord = z.infer<typeof record> & { readonly serves: boolean };

/** Prints the releases that are kept, the latest first. @returns the exit status. */
export async function listReleases(stack: string | undefined, json: boolean): Promise<number> {
    printList(await releasesOf(await appOfStack(stack)), columns, json);
    return EXIT.done;
}

const columns: Columns<ReleaseRecord> = {
    RELEASE: ({ release }) => release,
    APPLIED: ({ applied }) => applied,
    IMAGE: ({ image }) => image.slice(image.indexOf("@") + 1).slice(0, 19),
    COMMIT: ({ commit }) => (commit === "" ? "none" : commit.replace(/^([0-9a-f]{10})[0-9a-f]*/, "$1")),
    BY: ({ by }) => by,
    SERVES: ({ serves }) => (serves ? "serves" : ""),
};

/**
 * Writes into the stack's configuration that it goes back to a release: the one before, if none is named. Nothing changes on the
 * server until `pulumi up`.
 */
export async function rollBack(stack: string | undefined, wanted: string | undefined): Promise<number> {
    const app = await appOfStack(stack);
    const release = wanted ?? before(await releasesOf(app));
    const [line = "", ...environment] = (await app.ask("releases", "show", checked(release))).split("\n");
    const { image, contentHash, commit, workers, clock, settings, secrets } = record.parse(JSON.parse(line));
    const rollback: Rollback = { release, image, contentHash, commit, workers, clock, settings, secrets };
    const values = Object.fromEntries(secrets.map((name) => [name, secretOf(environment.join("\n"), name)]));
    await pulumi(stack, ["config", "set", "dallinger:rollback", JSON.stringify(rollback)]);
    if (secrets.length > 0) {
        await pulumi(stack, ["config", "set", "--secret", "dallinger:rollbackSecrets"], JSON.stringify(values));
    } else {
        await pulumi(stack, ["config", "rm", "dallinger:rollbackSecrets"]);
    }
    console.log(`the stack goes back to release ${release} (${image}), its image and its settings`);
    console.log("`./pulumi preview` shows what that changes, `./pulumi up` does it;");
    console.log("`./ops/dallinger forward`, then `./pulumi up`, returns to what the stack's other blocks say");
    return EXIT.done;
}

/** Takes the rollback out of the stack's configuration. */
export async function goForward(stack: string | undefined): Promise<number> {
    for (const block of ["rollback", "rollbackSecrets"]) await pulumi(stack, ["config", "rm", `dallinger:${block}`]);
    console.log("the stack is what its other blocks say again: `./pulumi preview` shows what that changes");
    return EXIT.done;
}

async function releasesOf({ ask }: StackApp): Promise<ReleaseRecord[]> {
    const lines = (await ask("releases", "list")).split("\n").filter((line) => line !== "");
    return lines.map((line) => ({
        ...record.parse(JSON.parse(line.slice(line.indexOf(" ") + 1))),
        serves: line.startsWith("serves "),
    }));
}

/** The latest release that does not serve. */
function before(releases: readonly ReleaseRecord[]): string {
    const found = releases.find(({ serves }) => !serves);
    if (found === undefined) throw new Refusal("the server keeps no other release to go back to");
    return found.release;
}

function checked(release: string): string {
    if (/^[0-9a-f]{12}$/.test(release)) return release;
    throw new Refusal(`${release} is no release: ./ops/dallinger releases lists them`);
}

const environments = z.object({
    services: z.object({ web: z.object({ environment: z.record(z.string(), z.string()) }) }),
});

/** The value that the release's web had, by the file on the server: with what compose would take for a variable undone. */
export function secretOf(environment: string, name: string): string {
    const { web } = environments.parse(parse(environment)).services;
    const value = web.environment[name];
    if (value === undefined) throw new Refusal(`the release on the server has no value of ${name}`);
    return value.replaceAll("$$", "$");
}
