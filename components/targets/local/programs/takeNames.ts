/**
 * The program that removes the containers which somebody's `docker compose up` has put in the place of the stack's: a map of names and
 * ids, as JSON on its standard input. What it was given is kept in the experiment's folder: it counts until that goes.
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { say } from "../../../local/say.ts";
import { containersOf, docker } from "../engineCommand.ts";
import { localRequest } from "../localRequest.ts";
import { TAKEN_OVER_FILE } from "../localServices.ts";

const request = localRequest.read(process.env);
const takenOver = z.record(z.string(), z.string()).parse(JSON.parse(await text(process.stdin)));
const given = Object.values(takenOver);

const found = (await containersOf(request)).filter(({ id, isOwn }) => !isOwn && given.includes(id));
if (found.length > 0) {
    say(
        `in the place of the stack's containers there are others, which go: ${found.map(({ name }) => name).join(", ")}`,
    );
    await docker(request.engine, ["rm", "-f", "-v", ...found.map(({ id }) => id)]);
}
const file = resolve(request.folder, TAKEN_OVER_FILE);
await mkdir(dirname(file), { recursive: true, mode: 0o700 });
await writeFile(`${file}.new`, JSON.stringify(takenOver), { mode: 0o600 });
await rename(`${file}.new`, file);
