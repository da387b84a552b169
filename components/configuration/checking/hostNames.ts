import { isIP, isIPv4 } from "node:net";

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

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether the text is one DNS label: lower-case letters, digits and inner hyphens, at most 63. */
export function isDnsLabel(text: string): boolean {
    return LABEL.test(text);
}

/** Whether the text is a host name of RFC 1123 in lower case; an IP address is none. */
export function isHostName(text: string): boolean {
    // A name whose last label is a number is read as an address by resolvers and browsers.
    return text.length <= 253 && isIP(text) === 0 && text.split(".").every(isDnsLabel) && !/(^|\.)\d+$/.test(text);
}

/** Whether the text is an IPv4 address or a host name. */
export function isHostAddress(text: string): boolean {
    return isIP(text) === 4 || isHostName(text);
}
