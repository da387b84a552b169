import { record } from "../../configuration/checking/rawValue.ts";
import type { Route } from "../../configuration/image/imageShape.ts";
import { imageTag } from "./imageName.ts";

/** Label of an image that holds the content hash it was built from. */
export const CONTENT_LABEL = "dallinger.content-hash";

/** The request to the build program, by its environment. */
export interface BuildRequest {
    /** Defaults to registry. With another one the image stays in the engine that builds it. */
    readonly delivery?: Route | undefined;
    /** The experiment's folder, relative to the project's. */
    readonly path: string;
    readonly repository: string;
    readonly platform: string;
    readonly buildArgs: Readonly<Record<string, string>>;
    /** The hash that the files had when the deployment was planned. */
    readonly contentHash: string;
    /** Hex digits of the hash that make the tag; 8 by default. */
    readonly tagLength?: number | undefined;
    /** Checkout of Dallinger, relative to the project's folder, if it comes from one. */
    readonly dallinger?: string | undefined;
    /** Whether what is not pinned is refused. */
    readonly strict: boolean;
    /** Lines of known_hosts: the hosts that the build may reach by ssh. */
    readonly knownHosts: readonly string[];
    /** Hash of what is put on top of it to follow edits, where it stays on the machine of who writes the experiment. */
    readonly watching?: string | undefined;
    /** What the tag ends with, behind the hash. Defaults to nothing, or `-local` with `watching`. */
    readonly tagEnding?: string;
}

/** The name that the image is pushed under. With what follows edits on top of it, it is another image, and has another name. */
export function taggedName({
    repository,
    contentHash,
    tagLength,
    watching,
    tagEnding = watching === undefined ? "" : "-local",
}: Pick<BuildRequest, "repository" | "contentHash" | "tagLength" | "watching" | "tagEnding">): string {
    return `${repository}:${imageTag(contentHash, tagLength)}${tagEnding}`;
}

/** Where the image goes. A builder of the user's own choice may be anywhere: the server's image is built by the server's engine. */
const OUTPUT: Readonly<Record<Route, readonly string[]>> = {
    registry: ["--push"],
    ssh: ["--load"],
    local: ["--load"],
    server: ["--builder", "default", "--load"],
};

/**
 * Arguments of `docker` that build the context on standard input with BuildKit, push it, and write the digest to a file; with the
 * operator's ssh agent at hand if the build uses it.
 */
export function buildArguments(request: BuildRequest, metadataFile: string, usesAgent: boolean): string[] {
    const buildArgs = Object.entries(request.buildArgs).map(([name, value]) => ["--build-arg", `${name}=${value}`]);
    return [
        "buildx",
        "build",
        "--platform",
        request.platform,
        "--tag",
        taggedName(request),
        "--label",
        `${CONTENT_LABEL}=${request.contentHash}`,
        ...buildArgs.flat(),
        ...(usesAgent ? ["--ssh", "default"] : []),
        "--progress=plain",
        // An attestation makes an index of the image, with another digest for each build.
        "--provenance=false",
        "--metadata-file",
        metadataFile,
        ...OUTPUT[request.delivery ?? "registry"],
        "-",
    ];
}

/** What packages are installed for, to write down which. */
export type PinRequest = Pick<BuildRequest, "platform" | "buildArgs">;

/** Arguments of `docker` that install the packages of the context on standard input and write their list into a folder. */
export function pinArguments({ platform, buildArgs }: PinRequest, folder: string, usesAgent: boolean): string[] {
    const named = Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
    const agent = usesAgent ? ["--ssh", "default"] : [];
    const output = ["--target", "pins", "--output", `type=local,dest=${folder}`];
    return ["buildx", "build", "--platform", platform, ...named, ...agent, ...output, "--progress=plain", "-"];
}

/** Arguments of `docker` that describe an image in its registry. */
export function inspectArguments(name: string): string[] {
    return ["buildx", "imagetools", "inspect", name, "--format", "{{json .}}"];
}

/** What a registry says about an image: its digest, and the hash of what it was built from when it is one of ours. */
export interface RegistryImage {
    readonly digest?: string;
    readonly contentHash?: string;
}

/** Reads the answer to {@link inspectArguments}; says nothing about what it does not understand. */
export function readInspection(json: string): RegistryImage {
    const { manifest, image } = record(parse(json));
    const { digest } = record(manifest);
    const { [CONTENT_LABEL]: contentHash } = record(record(record(image).config).Labels);
    return { ...(isDigest(digest) && { digest }), ...(typeof contentHash === "string" && { contentHash }) };
}

/** Reads the pushed image's digest from the file that BuildKit describes it in. */
export function readMetadata(json: string): string | undefined {
    const { "containerimage.digest": digest } = record(parse(json));
    return isDigest(digest) ? digest : undefined;
}

function isDigest(value: unknown): value is string {
    return typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
}

function parse(json: string): unknown {
    try {
        return JSON.parse(json);
    } catch {
        return undefined;
    }
}
