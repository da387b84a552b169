/**
 * The program that removes the containers which are in the place of the stack's: a map of names and ids, as JSON on its standard input.
 * What it was given is kept in the experiment's folder: it counts until that goes.
 */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { say } from "../../../local/say.ts";
import { docker } from "../engineCommand.ts";
import { TAKEN_OVER_FILE } from "../localFolder.ts";
import { localRequest } from "../localRequest.ts";
import { foreignContainers } from "../takenOver.ts";
import { keepState } from "../writtenState.ts";

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
