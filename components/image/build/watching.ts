import { createHash } from "node:crypto";
import { join } from "node:path";
import { readTemplate, templateFolder } from "../../remote/templates.ts";
import { type BuildRequest, CONTENT_LABEL, taggedName } from "./dockerBuild.ts";

/** Label of an image for the machine of who writes the experiment: the hash of what follows edits in it. */
export const WATCHING_LABEL = "dallinger.watching";

/** Label of such an image: the repository that it was built for. By it those are found that have no name any more. */
export const WATCHING_FOR_LABEL = "dallinger.watching-for";

/** End of the names of the images without it. */
const BASE_ENDING = "-base";

/** Names of those that were built for a repository, as docker's filter `reference` wants them. */
export function baseNames(repository: string): string {
    return `${repository}:*${BASE_ENDING}`;
}

const FOLDER = "image/watching";

/** What is put on top of an image there, as a hash. */
export function watchingHash(): string {
    const hash = createHash("sha256");
    for (const file of ["Dockerfile", "requirements.txt"]) hash.update(readTemplate(join(FOLDER, file)));
    return hash.digest("hex").slice(0, 16);
}

/** The same request for the image alone, without what is put on top of it: that image has a name of its own, and stays. */
export function withoutWatching({ watching: _, ...request }: BuildRequest): BuildRequest {
    return { ...request, tagEnding: BASE_ENDING };
}

/**
 * Arguments of `docker` that put it on top of the image that has just been built. `user` is who that runs as;
 * `python` an image with the same Python, whose packages then stay in the build cache whatever is edited; `builder` one that knows the
 * engine's own images.
 */
export function watchingArguments(
    request: BuildRequest,
    { builder, user, python }: { builder: string; user: string; python: string | undefined },
): string[] {
    const image = taggedName(request);
    const labels = {
        [WATCHING_LABEL]: request.watching ?? "",
        [WATCHING_FOR_LABEL]: request.repository,
        [CONTENT_LABEL]: request.contentHash,
    };
    const buildArgs = {
        IMAGE: taggedName(withoutWatching(request)),
        ...(user !== "" && { RUNS_AS: user }),
        ...(python !== undefined && { PYTHON: python }),
    };
    return [
        ...["buildx", "build", "--builder", builder, "--platform", request.platform, "--tag", image],
        ...Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]),
        ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
        ...["--progress=plain", "--provenance=false", "--load", templateFolder(FOLDER)],
    ];
}
