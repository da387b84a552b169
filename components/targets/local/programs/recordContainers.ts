/** The program that notes which containers are the stack's: a list of ids, as JSON on its standard input. */
import { text } from "node:stream/consumers";
import { z } from "zod";
import { localRequest } from "../localRequest.ts";
import { CONTAINERS_FILE } from "../localServices.ts";
import { keepState } from "../writtenState.ts";

const ids = z.array(z.string()).parse(JSON.parse(await text(process.stdin)));
await keepState(localRequest.read(process.env).folder, CONTAINERS_FILE, ids);
