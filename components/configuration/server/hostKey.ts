import { configurationPath, setCommand } from "../checking/configurationPath.ts";
import { EXAMPLE_KEY, isKeyType, keyLength } from "../checking/hostKeys.ts";
import type { Problem } from "../checking/problems.ts";

const PATH = configurationPath("server", "hostKey");

/** Lengths in bytes of the key blobs of RFC 4253, 5656 and 8709: a key that was cut off has another one. */
const BLOB_LENGTHS: Readonly<Record<string, number>> = {
    "ssh-ed25519": 51,
    "ecdsa-sha2-nistp256": 104,
    "ecdsa-sha2-nistp384": 136,
    "ecdsa-sha2-nistp521": 172,
};

const MISSING: Problem = {
    path: PATH,
    message: "is required: nothing is sent to a host whose key is not known",
    fix: setCommand(PATH, EXAMPLE_KEY),
};

/** The problem of a server without a host key, or nothing when it has one. */
export function missingHostKey(hostKey: unknown): Problem | undefined {
    return hostKey === undefined || hostKey === null || hostKey === "" ? MISSING : undefined;
}

/** Whether a problem is that of a server without a host key; the caller may add what `ssh-keyscan` printed. */
export function isMissingHostKey(problem: Problem): boolean {
    return problem.path === MISSING.path && problem.message === MISSING.message;
}

/** A host key as `type base64`, or what is wrong with it. */
export type ParsedHostKey = { readonly key: string } | { readonly wrong: string };

/** Reads `type base64`, with a comment or as a line of `ssh-keyscan` for `host`. */
export function parseHostKey(text: string, host?: string): ParsedHostKey {
    const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
    if (lines.length > 1) return { wrong: "holds several keys; keep one, the ssh-ed25519 one if there is one" };
    const words = (lines[0] ?? "").trim().split(/\s+/);
    const [first = "", second = "", third = ""] = words;
    if (isKeyType(first)) return parseKey(first, second);
    if (!isKeyType(second)) {
        return {
            wrong: `must be the type and the base64 text of the server's public host key, such as "${EXAMPLE_KEY}"`,
        };
    }
    if (host !== undefined && !isLineOf(first, host)) {
        return { wrong: "is a line of ssh-keyscan for another host; leave its first word out if that is meant" };
    }
    return parseKey(second, third);
}

function parseKey(type: string, base64: string): ParsedHostKey {
    if (type === "ssh-rsa" || type === "ssh-dss") {
        return {
            wrong: `is of type ${type}, which would be asked for with a SHA-1 signature that OpenSSH has refused since 8.8; take the server's ssh-ed25519 or ecdsa-sha2-nistp256 key`,
        };
    }
    const length = BLOB_LENGTHS[type];
    if (length === undefined) {
        return { wrong: `is of type ${type}; allowed are ${Object.keys(BLOB_LENGTHS).join(", ")}` };
    }
    if (keyLength(type, base64) !== length) {
        return { wrong: `is no whole ${type} key: copy the line of ssh-keyscan again, from the type to its end` };
    }
    return { key: `${type} ${base64}` };
}

/** Whether the first field of a known_hosts line may be about the host; hashed names cannot be compared. */
function isLineOf(field: string, host: string): boolean {
    return field.startsWith("|1|") || field.split(",").some((name) => name === host || name.startsWith(`[${host}]:`));
}
