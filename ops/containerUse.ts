import { z } from "zod";
import type { ContainerUse } from "./operations.ts";

/** A line of `docker stats --format '{{json .}}'`. */
const use = z.object({ Name: z.string(), CPUPerc: z.string(), MemUsage: z.string(), NetIO: z.string().optional() });

/** Reads such lines. */
export function containerUse(text: string): ContainerUse[] {
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => {
        const { Name: name, CPUPerc: processor, MemUsage: memory, NetIO: network } = use.parse(JSON.parse(line));
        return { name, processor, memory, ...(network !== undefined && { network }) };
    });
}
