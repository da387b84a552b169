import { createHash } from "node:crypto";
import { join } from "node:path";
import { readTemplate, templateFolder } from "../../remote/templates.ts";
import { type BuildRequest, CONTENT_LABEL, taggedName } from "./dockerBuild.ts";

/** Label of an image for the machine of who writes the experiment: the hash of what follows edits in it. */
export const WATCHING_LABEL = "dallinger.watching";

const FOLDER = "image/watching";

/** What is put on top of an image there, as a hash. */
export function watchingHash(): string {
    const hash = createHash("sha256");
    for (const file of ["Dockerfile", "requirements.txt"]) hash.update(readTemplate(join(FOLDER, file)));
    return hash.digest("hex").slice(0, 16);
}

/**
 * Arguments of `docker` that put it on top of the image that has just been built, under the same name. `python` is an image with the
 * same Python, whose packages then stay in the build cache whatever is edited; `builder` one that knows the engine's own images.
 */
export function watchingArguments(request: BuildRequest, builder: string, python?: string): string[] {
    const image = taggedName(request);
    return [
        ...["buildx", "build", "--builder", builder, "--platform", request.platform, "--tag", image],
        ...[
            "--label",
            `${WATCHING_LABEL}=${request.watching ?? ""}`,
            "--label",
            `${CONTENT_LABEL}=${request.contentHash}`,
        ],
        ...["--build-arg", `IMAGE=${image}`],
        ...(python === undefined ? [] : ["--build-arg", `PYTHON=${python}`]),
        ...["--progress=plain", "--provenance=false", "--load", templateFolder(FOLDER)],
    ];
}
