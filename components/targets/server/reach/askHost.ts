import { request } from "node:https";
import type { Socket } from "node:net";
import { property } from "../../../configuration/checking/rawValue.ts";
import type { Failure, Finding } from "./finding.ts";

/** How a host is asked. */
export interface Asking {
    /** The addresses of a name, those of IPv4 first. @throws {Error} with the `code` of getaddrinfo. */
    readonly resolve: (hostname: string) => Promise<readonly string[]>;
    /** Certificates in PEM that are trusted. */
    readonly trusted: readonly string[];
    readonly port: number;
    /** Milliseconds that an address gets to answer. */
    readonly patience: number;
}

/** Asks a host for its `/robots.txt`, at one of its addresses after the other until it is there. */
export async function askHost(hostname: string, asking: Asking): Promise<Finding> {
    const addresses = await asking.resolve(hostname).catch((error: unknown) => codeOf(error));
    if (addresses === "ENOTFOUND" || addresses === "ENODATA") return { kind: "unknown" };
    if (typeof addresses === "string") return { kind: "undecided", reason: addresses };
    if (addresses.length === 0) return { kind: "unknown" };
    const attempts: { address: string; failure: Failure }[] = [];
    for (const address of addresses) {
        const failure = await askAddress(hostname, address, asking);
        if (failure === undefined) return { kind: "reached", address };
        attempts.push({ address, failure });
    }
    return { kind: "failed", attempts };
}

/** How far a connection has come, which decides what its end means. */
interface Progress {
    connected: boolean;
    secured: boolean;
}

async function askAddress(
    hostname: string,
    address: string,
    { trusted, port, patience }: Asking,
): Promise<Failure | undefined> {
    const progress: Progress = { connected: false, secured: false };
    return await new Promise((resolve) => {
        const options = { host: address, servername: hostname, port, path: "/robots.txt", ca: [...trusted] };
        const headers = { host: hostname };
        const asked = request({ ...options, headers, agent: false, signal: AbortSignal.timeout(patience) });
        asked.on("socket", (socket) => watch(socket, progress));
        asked.on("response", (response) => {
            const { statusCode: status = 0 } = response;
            response.destroy();
            resolve(status === 200 ? undefined : { kind: "status", status });
        });
        asked.on("error", (error) => resolve(failureOf(error, progress)));
        asked.end();
    });
}

function watch(socket: Socket, progress: Progress): void {
    socket.on("connect", () => {
        progress.connected = true;
    });
    socket.on("secureConnect", () => {
        progress.secured = true;
    });
}

function failureOf(error: Error, { connected, secured }: Progress): Failure {
    const code = codeOf(error);
    const late = code === "ABORT_ERR" || code === "ETIMEDOUT";
    if (secured) return { kind: "broken", reason: late ? "no answer in time" : error.message };
    if (connected) return { kind: "untrusted", reason: late ? "no answer in time" : error.message };
    if (code === "ECONNREFUSED") return { kind: "refused" };
    return late ? { kind: "silent" } : { kind: "unreachable" };
}

function codeOf(error: unknown): string {
    const code = property(error, "code");
    return typeof code === "string" ? code : String(error);
}
