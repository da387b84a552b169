import { z } from "zod";
import { pulumi } from "./pulumiCommand.ts";

const block = z.object({ objectValue: z.unknown().optional(), value: z.string().optional() });

/** The plain blocks of a stack's configuration by their names, `experiment`; encrypted ones are left out. */
export async function blocksOfStack(stack: string | undefined): Promise<ReadonlyMap<string, unknown>> {
    const configuration: unknown = JSON.parse(await pulumi(stack, ["config", "--json"]));
    const keys = Object.entries(z.record(z.string(), block).parse(configuration));
    return new Map(
        keys.flatMap(([key, { objectValue, value }]) => {
            const [, name] = /^dallinger:(\w+)$/.exec(key) ?? [];
            const found = objectValue ?? (value === undefined ? undefined : plain(value));
            return name === undefined || found === undefined ? [] : [[name, found]];
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
