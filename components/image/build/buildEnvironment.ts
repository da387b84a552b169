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
        ...(request.tagLength !== undefined && { DALLINGER_IMAGE_TAG_LENGTH: String(request.tagLength) }),
        ...(request.dallinger !== undefined && { DALLINGER_IMAGE_DALLINGER: request.dallinger }),
        ...(request.strict && { DALLINGER_IMAGE_STRICT: "yes" }),
        ...(request.knownHosts.length > 0 && { DALLINGER_IMAGE_KNOWN_HOSTS: request.knownHosts.join("\n") }),
        ...(request.delivery !== undefined &&
            request.delivery !== "registry" && { DALLINGER_IMAGE_DELIVERY: request.delivery }),
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
    const { DALLINGER_IMAGE_TAG_LENGTH: tagLength, DALLINGER_IMAGE_DALLINGER: dallinger } = environment;
    const { DALLINGER_IMAGE_STRICT: strict, DALLINGER_IMAGE_KNOWN_HOSTS: knownHosts } = environment;
    return {
        path: read("PATH"),
        repository: read("REPOSITORY"),
        platform: read("PLATFORM"),
        buildArgs: readBuildArgs(read("BUILD_ARGS")),
        contentHash: read("CONTENT_HASH"),
        ...(tagLength && { tagLength: Number(tagLength) }),
        ...(dallinger && { dallinger }),
        strict: strict === "yes",
        knownHosts: knownHosts ? knownHosts.split("\n") : [],
        ...readDelivery(environment.DALLINGER_IMAGE_DELIVERY),
    };
}

function readBuildArgs(json: string): Record<string, string> {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null) throw new Error("DALLINGER_IMAGE_BUILD_ARGS is no JSON object");
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}

function readDelivery(text: string | undefined): Pick<BuildRequest, "delivery"> {
    return text === "ssh" || text === "server" ? { delivery: text } : {};
}
