import { join } from "node:path";
import { z } from "zod";
import { ROUTES } from "../../configuration/image/imageShape.ts";
import { field, RequestEnvironment } from "../../local/requestEnvironment.ts";
import type { BuildRequest } from "./dockerBuild.ts";

/** File of the program that builds an image. */
export const buildProgram = join(import.meta.dirname, "build.ts");

/** No variable names a registry. */
const delivery = z.codec(z.enum(["ssh", "server", "local"]).optional(), z.enum(ROUTES).optional(), {
    decode: (text) => text,
    encode: (value) => (value === "registry" ? undefined : value),
});

/** Tells that program what to build. */
export const buildEnvironment = new RequestEnvironment<BuildRequest>(
    "DALLINGER_IMAGE",
    z.object({
        path: field.word,
        repository: field.word,
        platform: field.word,
        buildArgs: field.map,
        contentHash: field.word,
        tagLength: field.number.optional(),
        dallinger: field.word.optional(),
        strict: field.flag,
        knownHosts: field.lines,
        delivery,
        watching: field.word.optional(),
    }),
    "ExperimentImage",
);
