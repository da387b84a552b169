import { join } from "node:path";
import { z } from "zod";
import { field, RequestEnvironment } from "../../../local/requestEnvironment.ts";

/** File of the program that asks an app's addresses. */
export const reachProgram = join(import.meta.dirname, "reach.ts");

/** The request to that program. */
export interface ReachRequest {
    /** Host names of the app; at least one. */
    readonly hostnames: readonly string[];
    /** Address that ssh connects to: an IPv4 address or a host name. */
    readonly server: string;
    /** Addresses that the host names are to resolve to; empty where those of the server are meant. */
    readonly addresses: readonly string[];
    /** Certificates in PEM to trust besides the public ones; empty when there are none. */
    readonly caCertificate: string;
}

const hostnames = z.codec(field.word, z.array(z.string()), {
    decode: (text) => text.split(" "),
    encode: (names) => names.join(" "),
});

/** Tells it, by its environment. */
export const reachEnvironment = new RequestEnvironment<ReachRequest>(
    "DALLINGER_REACH",
    z.object({ hostnames, server: field.word, addresses: field.lines, caCertificate: field.text }),
    "ExperimentApp",
);
