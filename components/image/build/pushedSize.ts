import { z } from "zod";
import { formatSize } from "../files/sizeLimit.ts";

const manifest = z.object({ layers: z.array(z.object({ size: z.int().min(0) })).min(1) });

/** Arguments of `docker` that give an image's manifest as it lies in its registry. */
export function manifestArguments(reference: string): string[] {
    return ["buildx", "imagetools", "inspect", "--raw", reference];
}

/** Says how big an image is in its registry, by its manifest; nothing by what is none. */
export function describePushed(json: string): string | undefined {
    try {
        const { layers } = manifest.parse(JSON.parse(json));
        const bytes = layers.reduce((sum, { size }) => sum + size, 0);
        return `${layers.length} ${layers.length === 1 ? "layer" : "layers"}, ${formatSize(bytes)} compressed`;
    } catch {
        return undefined;
    }
}
