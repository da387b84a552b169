import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildContext } from "./context/buildContext.ts";
import type { ImageSource } from "./context/contentHash.ts";

/** Platform and build arguments of an image. */
export type BuildOptions = Pick<ImageSource, "platform" | "buildArgs">;

/** Puts together everything that an image is made from: the experiment's files, and our Dockerfile unless it has its own. */
export function imageSource(
    { files, hasDockerfile }: BuildContext,
    { platform, buildArgs }: BuildOptions,
): ImageSource {
    return { files, platform, buildArgs, ...(!hasDockerfile && { template: readTemplate() }) };
}

function readTemplate(): string {
    return readFileSync(join(import.meta.dirname, "../../templates/image/Dockerfile"), "utf8");
}
