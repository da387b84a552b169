import { isIPv4 } from "node:net";

/** What of a server decides the host names of its apps. */
export interface ServerNames {
    /** Address that ssh connects to: an IPv4 address or a host name. */
    readonly host: string;
    /** DNS name below which the apps live. Defaults to `host`, or to a name of nip.io when `host` is an IPv4 address. */
    readonly dnsHost?: string | undefined;
}

/** The host names at which an app is served: its own, or else one below the server's DNS name. */
export function appHostnames(name: string, server: ServerNames, hostnames: readonly string[]): string[] {
    return hostnames.length > 0 ? [...hostnames] : [`${name}.${appsDomain(server)}`];
}

/** The DNS name below which a server's apps live. */
export function appsDomain({ host, dnsHost }: ServerNames): string {
    if (dnsHost !== undefined && dnsHost !== "") return dnsHost;
    return isIPv4(host) ? `${host.replaceAll(".", "-")}.nip.io` : host;
}
