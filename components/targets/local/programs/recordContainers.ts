/** The program that notes which containers are the stack's: a list of ids, as JSON on its standard input. They have their ports by now. */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { localRequest } from "../localRequest.ts";
import { CONTAINERS_FILE } from "../localServices.ts";
import { ReservedPorts } from "../reservedPorts.ts";
import { keepState } from "../writtenState.ts";

const ids = z.array(z.string()).parse(JSON.parse(await text(process.stdin)));
const { folder, port } = localRequest.read(process.env);
await keepState(folder, CONTAINERS_FILE, ids);
await new ReservedPorts().release(port);
