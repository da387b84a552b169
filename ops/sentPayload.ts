import { createHash } from "node:crypto";
import { z } from "zod";
import { resourcesIn } from "./exportedState.ts";

const plain = z.string();
/** How `pulumi stack export --show-secrets` writes a secret: its JSON. */
const secret = z.object({ plaintext: z.string() });

/**
 * The payload that a command of the stack has sent to the server when it last succeeded, by the command's name; nothing when it never
 * did, or when it is secret and the export does not show secrets.
 */
export function sentPayload(exported: unknown, command: string): string | undefined {
    const input = resourcesIn(exported).find(({ urn }) => urn.endsWith(`$command:remote:Command::${command}`))?.inputs
        ?.stdin;
    const shown = secret.safeParse(input);
    const parsed = plain.safeParse(shown.success ? JSON.parse(shown.data.plaintext) : input);
    return parsed.success ? parsed.data : undefined;
}

/** The sum that stands at a payload's end, by which the server knows it. */
export function payloadSum(payload: string): string | undefined {
    return /^end ([0-9a-f]{64})$/m.exec(payload)?.[1];
}

/** SHA-256 of a payload's file. */
export function fileSum(payload: string, path: string): string | undefined {
    const found = payload.split("\n").find((line) => line.split(" ")[1] === path);
    const content = found?.split(" ")[2];
    return content === undefined
        ? undefined
        : createHash("sha256").update(Buffer.from(content, "base64")).digest("hex");
}
