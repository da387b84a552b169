import { quote, quoted } from "./shellWord.ts";

/** Blocks of a stack's configuration: the keys under `dallinger:` in `Pulumi.<stack>.yaml`. */
export const BLOCKS = [
    "server",
    "serverSecrets",
    "experiment",
    "experimentSecrets",
    "settings",
    "secrets",
    "rollback",
    "rollbackSecrets",
] as const;

/** Name of a block of the stack's configuration. */
export type Block = (typeof BLOCKS)[number];

/** The path of a key as `pulumi config --path` takes it: `dallinger:server.tls.mode`. */
export function configurationPath(block: Block, ...keys: readonly PropertyKey[]): string {
    return `dallinger:${block}${keys.map(accessor).join("")}`;
}

/** The command that sets a plain value. */
export function setCommand(path: string, value: string): string {
    return `pulumi config set --path ${quoted(path)} ${quote(value)}`;
}

/** The command that sets a value which only looks like a number: without the type it would be stored as one. */
export function setTextCommand(path: string, value: string): string {
    return `pulumi config set --type string --path ${quoted(path)} ${quoted(value)}`;
}

/** The command that sets a secret; it asks for the value, which then stands in no history and no process list. */
export function setSecretCommand(path: string): string {
    return `pulumi config set --secret --path ${quoted(path)}`;
}

/** The command that removes a key. */
export function removeCommand(path: string): string {
    return `pulumi config rm --path ${quoted(path)}`;
}

function accessor(key: PropertyKey): string {
    if (typeof key === "number") return `[${key}]`;
    const name = String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
