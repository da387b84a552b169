import type { BuildRequest } from "./dockerBuild.ts";

/** Renders a request as the environment of the build program. */
export function toEnvironment(request: BuildRequest): Record<string, string> {
    return {
        DALLINGER_IMAGE_PATH: request.path,
        DALLINGER_IMAGE_REPOSITORY: request.repository,
        DALLINGER_IMAGE_PLATFORM: request.platform,
        DALLINGER_IMAGE_BUILD_ARGS: JSON.stringify(
            Object.fromEntries(Object.entries(request.buildArgs).toSorted(([a], [b]) => (a < b ? -1 : 1))),
        ),
        DALLINGER_IMAGE_CONTENT_HASH: request.contentHash,
    };
}

/**
 * Reads the request that {@link toEnvironment} rendered.
 *
 * @throws {Error} when a variable is missing or is no request's.
 */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): BuildRequest {
    const read = (name: string): string => {
        const value = environment[`DALLINGER_IMAGE_${name}`];
        if (!value) throw new Error(`DALLINGER_IMAGE_${name} is not set: this program is run by ExperimentImage`);
        return value;
    };
    return {
        path: read("PATH"),
        repository: read("REPOSITORY"),
        platform: read("PLATFORM"),
        buildArgs: readBuildArgs(read("BUILD_ARGS")),
        contentHash: read("CONTENT_HASH"),
    };
}

function readBuildArgs(json: string): Record<string, string> {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null) throw new Error("DALLINGER_IMAGE_BUILD_ARGS is no JSON object");
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}
