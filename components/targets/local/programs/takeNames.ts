/**
 * The program that removes the containers which are in the place of the stack's: a map of names and ids, as JSON on its standard input.
 * What it was given is kept in the experiment's folder: it counts until that goes. It ends when there is a network for the stack's own.
 */
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { forReader } from "../../../local/readersCommands.ts";
import { say } from "../../../local/say.ts";
import { docker } from "../engineCommand.ts";
import { localRequest } from "../localRequest.ts";
import { TAKEN_OVER_FILE } from "../localServices.ts";
import { foreignContainers } from "../takenOver.ts";
import { keepState } from "../writtenState.ts";

/** Seconds in which the network has to be there. */
const PATIENCE = 30;

const request = localRequest.read(process.env);
const takenOver = z.record(z.string(), z.string()).parse(JSON.parse(await text(process.stdin)));

const found = (await foreignContainers(request.engine, request)).filter(({ name, id }) => takenOver[name] === id);
if (found.length > 0) {
    say(
        `in the place of the stack's containers there are others, which go: ${found.map(({ name }) => name).join(", ")}`,
    );
    await docker(request.engine, ["rm", "-f", "-v", ...found.map(({ id }) => id)]);
}
await keepState(request.folder, TAKEN_OVER_FILE, takenOver);
if (!(await hasNetwork())) {
    say(forReader(`There is no network ${request.project} for the containers: \`pulumi up --refresh\` makes it`));
    process.exitCode = 1;
}

/** One that is on its way is there soon. */
async function hasNetwork(): Promise<boolean> {
    const filter = `name=^${request.project}$`;
    for (const until = Date.now() + 1000 * PATIENCE; Date.now() < until; await sleep(200)) {
        if ((await docker(request.engine, ["network", "ls", "-q", "--filter", filter])) !== "") return true;
    }
    return false;
}
