import { join } from "node:path";
import { z } from "zod";
import { field, RequestEnvironment } from "../../../local/requestEnvironment.ts";
import type { ServerAddress } from "../../../remote/connection.ts";

/** File of the program that brings an image to a server. */
export const deliveryProgram = join(import.meta.dirname, "deliver.ts");

/** Where an image is to be brought. */
export interface Destination extends ServerAddress {
    /** Name of the app that gets it. */
    readonly app: string;
    /** MiB that have to be free on the server. */
    readonly freeSpace: number;
    /** Anything; when it changes, the server is asked for the image once more. */
    readonly mended: string;
}

const { word, number, text } = field;

/** Tells that program where to bring the image; which one and on what way, the environment of its build tells it. */
export const destinationEnvironment = new RequestEnvironment<Destination>(
    "DALLINGER_DELIVERY",
    z.object({ host: word, port: number, user: word, hostKey: word, app: word, freeSpace: number, mended: text }),
    "ExperimentApp",
);
