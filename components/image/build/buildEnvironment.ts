import { join } from "node:path";
import { z } from "zod";
import { DELIVERIES } from "../../configuration/image/imageShape.ts";
import { RequestEnvironment, told } from "../../local/requestEnvironment.ts";
import type { BuildRequest } from "./dockerBuild.ts";

/** File of the program that builds an image. */
export const buildProgram = join(import.meta.dirname, "build.ts");

/** A registry is told by no variable. */
const delivery = z.codec(z.enum(["ssh", "server"]).optional(), z.enum(DELIVERIES).optional(), {
    decode: (text) => text,
    encode: (value) => (value === "registry" ? undefined : value),
});

/** Tells that program what to build. */
export const buildEnvironment = new RequestEnvironment<BuildRequest>(
    "DALLINGER_IMAGE",
    z.object({
        path: told.word,
        repository: told.word,
        platform: told.word,
        buildArgs: told.map,
        contentHash: told.word,
        tagLength: told.number.optional(),
        dallinger: told.word.optional(),
        strict: told.flag,
        knownHosts: told.lines,
        delivery,
    }),
    "ExperimentImage",
);
