import { z } from "zod";
import { Refusal } from "./refusal.ts";
import { blocksOfStack } from "./stackBlocks.ts";

const experiment = z.object({
    name: z.string(),
    path: z.string().optional(),
    on: z.union([z.literal("local"), z.object({ stack: z.string() })]).optional(),
    archive: z.string().optional(),
    backup: z.object({ workersTimeout: z.int().optional() }).optional(),
    releases: z.object({ healthyWithin: z.int().optional() }).optional(),
    image: z.object({ reference: z.string().optional() }).optional(),
});

/** What of a stack's experiment these commands need. */
export type StackExperiment = z.infer<typeof experiment>;

/**
 * The `experiment` block of a stack.
 *
 * @throws {Refusal} when the stack has none.
 */
export async function experimentOfStack(stack: string | undefined): Promise<StackExperiment> {
    const parsed = experiment.safeParse((await blocksOfStack(stack)).get("experiment"));
    if (parsed.success) return parsed.data;
    throw new Refusal("this stack runs no experiment: name one that does with --stack STACK");
}
