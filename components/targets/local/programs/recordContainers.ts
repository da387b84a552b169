/**
 * The program that notes which containers are the stack's, a list of ids as JSON on its standard input, and waits for their health. They
 * have their ports by now.
 */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { say } from "../../../local/say.ts";
import { waitUntilHealthy } from "../containerStart.ts";
import { CONTAINERS_FILE } from "../localFolder.ts";
import { localRequest } from "../localRequest.ts";
import { ReservedPorts } from "../reservedPorts.ts";
import { keepState } from "../writtenState.ts";

const ids = z.array(z.string()).parse(JSON.parse(await text(process.stdin)));
const request = localRequest.read(process.env);
await keepState(request.folder, CONTAINERS_FILE, ids);
await new ReservedPorts().release(request.port);
try {
    await waitUntilHealthy(request, ids);
} catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
}
