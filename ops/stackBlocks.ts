import { z } from "zod";
import { configurationOf } from "./pulumiCommand.ts";

const block = z.object({ objectValue: z.unknown().optional(), value: z.string().optional() });

/** The plain blocks of a stack's configuration by their names, `experiment`; encrypted ones are left out. */
export async function blocksOfStack(stack: string | undefined): Promise<ReadonlyMap<string, unknown>> {
    const found = [...(await blocksIn(stack))].map(([name, { objectValue, value }]) => {
        return [name, objectValue ?? (value === undefined ? undefined : plain(value))] as const;
    });
    return new Map(found.filter(([, value]) => value !== undefined));
}

/** The names of all blocks, encrypted ones too. */
export async function namesOfBlocks(stack: string | undefined): Promise<ReadonlySet<string>> {
    return new Set((await blocksIn(stack)).keys());
}

async function blocksIn(stack: string | undefined): Promise<ReadonlyMap<string, z.infer<typeof block>>> {
    const configuration: unknown = JSON.parse(await configurationOf(stack));
    return new Map(
        Object.entries(z.record(z.string(), block).parse(configuration)).flatMap(([key, value]) => {
            const [, name] = /^dallinger:(\w+)$/.exec(key) ?? [];
            return name === undefined ? [] : [[name, value] as const];
        }),
    );
}

function plain(value: string): unknown {
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}
