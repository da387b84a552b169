import { type Block, configurationPath, setSecretCommand } from "./configurationPath.ts";
import type { Problem } from "./problems.ts";
import { isMap } from "./rawValue.ts";

/** The blocks as the stack has them, and those of them that are encrypted. */
export type EncryptedBlocks = { readonly [block in Block]?: unknown } & {
    readonly encrypted?: readonly Block[] | undefined;
};

/**
 * Blocks that hold a secret and should not: one makes Pulumi treat its whole block as one, and a preview would show nothing
 * of it.
 */
export function misplacedSecrets({ encrypted = [] }: EncryptedBlocks): Problem[] {
    const plain = ["server", "experiment", "settings", "rollback"] as const;
    return plain
        .filter((block) => encrypted.includes(block))
        .map((block) => {
            const target = configurationPath(block === "server" ? "serverSecrets" : "secrets");
            const message = `holds a secret, which would hide the whole block in a preview: secrets belong to ${target}`;
            return { path: configurationPath(block), message, fix: "set the key again without --secret, or remove it" };
        });
}

/** Blocks of secrets that stand in plain text. Without `encrypted` nothing is known about that. */
export function plainSecrets({ encrypted, ...blocks }: EncryptedBlocks): Problem[] {
    const secret = ["serverSecrets", "experimentSecrets", "secrets", "rollbackSecrets"] as const;
    return secret.flatMap((block) => {
        const raw = blocks[block];
        const keys = isMap(raw) ? Object.keys(raw) : [];
        if (encrypted === undefined || encrypted.includes(block) || keys.length === 0) return [];
        const message = "stands in plain text; what others could read has to be changed as well";
        const fix = keys.map((key) => setSecretCommand(configurationPath(block, key))).join("\n");
        return [{ path: configurationPath(block), message, fix }];
    });
}
