import type { Platform } from "../../configuration/checking/platform.ts";
import type { ResolvedImages } from "../../configuration/server/resolvedImages.ts";
import type { ServerConfiguration } from "../../configuration/server/serverConfiguration.ts";

/** A server's arguments without its secrets, resolved and with defaults. */
export interface ServerSpec {
    /** Random id that the server is known by. */
    readonly id: string;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly hostKey: string;
    /** Empty without a domain of the server's own. */
    readonly dnsHost: string;
    /** Not there where it is the default one. */
    readonly wildcard?: string | undefined;
    /** Not there where those of `host` count. */
    readonly addresses?: readonly string[] | undefined;
    readonly engine: ServerConfiguration["engine"];
    readonly platform: Platform;
    readonly tls: ServerConfiguration["tls"];
    readonly images: ServerConfiguration["images"];
    readonly resolved: ResolvedImages;
    /** PEM; empty where public CAs do. */
    readonly registryCa: string;
    readonly discardBackups: boolean;
    /** Anything; when it changes, the shared services are brought to what they should be once more. */
    readonly mended: string;
}

type Required = "id" | "host" | "hostKey" | "images";
type Given = Pick<ServerSpec, Required> & {
    readonly [key in Exclude<keyof ServerSpec, Required>]?: ServerSpec[key] | undefined;
};

/** Fills the defaults in. */
export function resolveServer(args: Given): ServerSpec {
    const { id, host, hostKey, images } = args;
    const { port = 22, user = "root", engine = "distribution", platform = "linux/amd64", dnsHost = "" } = args;
    const { tls = { mode: "internal" }, registryCa = "", discardBackups = false, mended = "", resolved = {} } = args;
    const names = { dnsHost, wildcard: args.wildcard, addresses: args.addresses };
    const address = { id, host, port, user, hostKey, ...names };
    return { ...address, engine, platform, tls, images, resolved, registryCa, discardBackups, mended };
}
