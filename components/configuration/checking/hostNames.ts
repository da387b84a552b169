import { isIP, isIPv4 } from "node:net";

/** What of a server decides the host names of its apps. */
export interface ServerNames {
    /** Address that ssh connects to: an IPv4 address or a host name. */
    readonly host: string;
    /** DNS name below which the apps live. Defaults to `host`, or to a name of the wildcard service when `host` is an IPv4 address. */
    readonly dnsHost?: string | undefined;
    /** DNS service whose names say which address they mean. Defaults to nip.io. */
    readonly wildcard?: string | undefined;
    /** Addresses that the apps' names resolve to. Defaults to that of `host`. */
    readonly addresses?: readonly string[] | undefined;
}

/** The wildcard DNS service where the configuration names none. */
export const WILDCARD = "nip.io";

/** The host names at which an app is served: its own, or else one below the server's DNS name. */
export function appHostnames(name: string, server: ServerNames, hostnames: readonly string[]): string[] {
    return hostnames.length > 0 ? [...hostnames] : [`${name}.${appsDomain(server)}`];
}

/** The DNS name below which a server's apps live. */
export function appsDomain(server: ServerNames): string {
    const { host, dnsHost = "", wildcard } = server;
    if (dnsHost !== "") return dnsHost;
    const address = isIPv4(host) || wildcard !== undefined ? wildcardAddress(server) : undefined;
    return address === undefined ? host : `${address.replaceAll(".", "-")}.${wildcard ?? WILDCARD}`;
}

/** The IPv4 address that a name of the wildcard service is made of; nothing when the server has none that is known. */
export function wildcardAddress({ host, addresses = [] }: ServerNames): string | undefined {
    return [...addresses, host].find((address) => isIPv4(address));
}

/** Whether the text is a DNS name of this service, or of another, that says which address it means: `recall.203-0-113-7.nip.io`. */
export function isWildcardName(text: string): boolean {
    return /(^|[.-])\d{1,3}(-\d{1,3}){3}\.[^.]+\.[^.]/.test(text);
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

/**
 * An IP address in the one spelling by which addresses are compared, that of RFC 5952; an IPv4 address inside an IPv6 one is the
 * former. Nothing when the text is none.
 */
export function ipAddress(text: string): string | undefined {
    if (isIPv4(text)) return text;
    if (isIP(text) === 0 || text.includes("%")) return undefined;
    const address = new URL(`http://[${text}]`).hostname.slice(1, -1);
    const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address);
    if (mapped === null) return address;
    const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Whether the text is an IPv4 address or a host name. */
export function isHostAddress(text: string): boolean {
    return isIP(text) === 4 || isHostName(text);
}
