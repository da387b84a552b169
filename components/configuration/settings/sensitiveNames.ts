import { findFoldedDallingerKey } from "./dallingerKeys.ts";

/** Parts of a name that make it sensitive for Dallinger. */
const SENSITIVE_PARTS = ["access_id", "access_key", "password", "secret", "token"] as const;

/** Whether a setting is a secret by its name; a synonym is as sensitive as the key it stands for. */
export function isSensitive(name: string): boolean {
    const names = [name, findFoldedDallingerKey(name)?.name ?? name].map((text) => text.toLowerCase());
    return names.some((text) => text === "database_url" || SENSITIVE_PARTS.some((part) => text.includes(part)));
}
