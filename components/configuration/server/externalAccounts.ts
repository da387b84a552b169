import { configurationPath, removeCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";
import type { AcmeAuthority } from "./acmeAuthorities.ts";

/**
 * The accounts that authorities ask for (RFC 8555, section 7.3.4) and their keys go together. `keys` is what the block `serverSecrets`
 * has of them, unchecked; no message holds one.
 */
export function checkExternalAccounts(authorities: readonly AcmeAuthority[], keys: unknown): Problem[] {
    const wanted = authorities.flatMap(({ externalAccount }) => externalAccount ?? []);
    const known = typeof keys === "object" && keys !== null ? Object.keys(keys) : [];
    return [
        ...[...new Set(wanted)].filter((id) => property(keys, id) === undefined).map(missingKey),
        ...known.filter((id) => !wanted.includes(id)).map(unusedKey),
    ];
}

function missingKey(id: string): Problem {
    const path = configurationPath("serverSecrets", "externalAccountKeys", id);
    const message = "is required: the MAC key that the authority has given out with this key id";
    return { path, message, fix: setSecretCommand(path) };
}

function unusedKey(id: string): Problem {
    const path = configurationPath("serverSecrets", "externalAccountKeys", id);
    const message = "is the key of no externalAccount in server.tls.authorities";
    return { path, message, fix: removeCommand(path) };
}
