import { z } from "zod";
import { configurationPath } from "../checking/configurationPath.ts";
import { ipAddress, isHostAddress, isHostName } from "../checking/hostNames.ts";
import { isImageId, isImageReference, isPinnedReference } from "../checking/imageReference.ts";
import { PLATFORMS } from "../checking/platform.ts";
import type { Problem } from "../checking/problems.ts";
import { parseHostKey } from "./hostKey.ts";
import { TLS_MODES } from "./serverShape.ts";

/** The output `server` of a stack that prepares a server: all that another stack needs to run an experiment there. A contract. */
export interface ServerOutput {
    /** Random id of the server, made when it was prepared. */
    readonly id: string;
    /** Version of the folders and networks on the server. */
    readonly layout: number;
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** `type base64`. */
    readonly hostKey: string;
    /** DNS name below which the apps live; empty when the configuration names none. */
    readonly dnsHost: string;
    /** DNS service of the apps' names, where the configuration names one. */
    readonly wildcard?: string | undefined;
    /** Addresses that the apps' names resolve to, where the configuration lists them. */
    readonly addresses?: readonly string[] | undefined;
    readonly platform: (typeof PLATFORMS)[number];
    /** Who issues the apps' certificates; not said by a server whose stack an older version has brought up. */
    readonly tls?: (typeof TLS_MODES)[number] | undefined;
    /** Certificates in PEM of the authorities that apps' certificates come from; empty when it is a public one. */
    readonly caCertificate: string;
    /** Images that the server holds for its apps. */
    readonly images: { readonly redis: string; readonly pgbouncer: string };
    /** What those mean there, by digest. A server that an earlier version of this program has prepared does not say. */
    readonly pinned?: { readonly redis: string; readonly pgbouncer: string } | undefined;
}

const pinned = z.string().refine((text) => text === "" || isPinnedReference(text) || isImageId(text));

/** Not strict: a newer server stack may say more. */
const shape = z.object({
    id: z.string().min(1),
    layout: z.int().min(1),
    host: z.string().refine(isHostAddress),
    port: z.int().min(1).max(65535),
    user: z.string().min(1),
    hostKey: z.string().refine((text) => "key" in parseHostKey(text)),
    dnsHost: z.string().refine((text) => text === "" || isHostName(text)),
    wildcard: z.string().refine(isHostName).optional(),
    addresses: z
        .array(z.string().refine((text) => ipAddress(text) !== undefined))
        .min(1)
        .optional(),
    platform: z.enum(PLATFORMS),
    tls: z.enum(TLS_MODES).optional(),
    caCertificate: z.string(),
    images: z.object({ redis: z.string().refine(isImageReference), pgbouncer: z.string().refine(isImageReference) }),
    pinned: z.object({ redis: pinned, pgbouncer: pinned }).optional(),
});

/** Whether the apps' certificates come from Caddy's own CA: it has each at once, a public one can take minutes. */
export function issuesItself({ tls, caCertificate }: ServerOutput): boolean {
    return tls === undefined ? caCertificate !== "" : tls === "internal";
}

/** A server's output when it has the right shape, or the one problem with it. */
export interface CheckedServerOutput {
    readonly server?: ServerOutput;
    readonly problems: readonly Problem[];
}

/** Checks what was read from a stack's output `server`; the problem names that stack and the `pulumi up` it needs. */
export function checkServerOutput(output: unknown, stack: string): CheckedServerOutput {
    const parsed = shape.safeParse(output);
    if (parsed.success) return { server: parsed.data, problems: [] };
    const path = configurationPath("experiment", "on", "stack");
    return { problems: [{ path, message: messageOf(stack, output, parsed.error), fix: `pulumi up --stack ${stack}` }] };
}

function messageOf(stack: string, output: unknown, error: z.ZodError): string {
    if (output === undefined || output === null) {
        return `stack ${stack} has no output "server": it prepares no server, or was never brought up`;
    }
    const wrong = [...new Set(error.issues.map(({ path }) => path.join(".")))].filter((path) => path !== "");
    const parts = wrong.length === 0 ? "it is not a map" : `not right: ${wrong.join(", ")}`;
    return `the output "server" of stack ${stack} is not what this version reads (${parts}); bring it up with this version`;
}
