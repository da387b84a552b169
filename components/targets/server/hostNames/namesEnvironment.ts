import { join } from "node:path";
import { z } from "zod";
import { field, RequestEnvironment } from "../../../local/requestEnvironment.ts";
import type { ServerAddress } from "../../../remote/connection.ts";
import type { NamesRequest } from "./namesRequest.ts";

/** File of the program that looks host names up. */
export const namesProgram = join(import.meta.dirname, "programs/lookUpNames.ts");

/** The request to that program. */
export type NamesFromHere = NamesRequest & ServerAddress;

const { word, number, text, lines } = field;

/** Tells it, by its environment. */
export const namesEnvironment = new RequestEnvironment<NamesFromHere>(
    "DALLINGER_NAMES",
    z.object({
        ...{ hostnames: lines, addresses: lines, issuer: text },
        ...{ host: word, port: number, user: word, hostKey: word },
    }),
    "ExperimentApp",
);
