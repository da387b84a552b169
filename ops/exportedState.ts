import { z } from "zod";

const values = z.record(z.string(), z.unknown()).optional();
const resource = z.object({ urn: z.string(), inputs: values, outputs: values });
const state = z.object({ deployment: z.object({ resources: z.array(resource).optional() }).nullish() });

/** The resources in what `pulumi stack export` prints; none of a stack that was never brought up. */
export function resourcesIn(exported: unknown): readonly z.infer<typeof resource>[] {
    return state.parse(exported).deployment?.resources ?? [];
}
