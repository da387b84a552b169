import { z } from "zod";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { namesOfBlocks } from "./stackBlocks.ts";

const secrets = z.object({ privateKey: z.string().optional() });

/**
 * The key that a stack logs in to its server with, `serverSecrets.privateKey`; empty for the ssh agent.
 *
 * @throws {Refusal} when there are secrets that cannot be read.
 */
export async function privateKeyOfStack(stack: string | undefined): Promise<string> {
    if (!(await namesOfBlocks(stack)).has("serverSecrets")) return "";
    const parsed = secrets.safeParse(JSON.parse(await pulumi(stack, ["config", "get", "dallinger:serverSecrets"])));
    // The reason would show what stands there.
    if (!parsed.success) throw new Refusal("dallinger:serverSecrets is no map of secrets: see docs/configuration.md");
    return parsed.data.privateKey ?? "";
}
