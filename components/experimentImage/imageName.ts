/** Hex digits of the content hash that make a tag. */
const TAG_LENGTH = 12;

/** The tag of an image: the start of its content hash. */
export function imageTag(hash: string): string {
    return hash.slice(0, TAG_LENGTH);
}

/** Host (and port) of the registry that a repository belongs to, as `docker login` takes it. */
export function registryOf(repository: string): string {
    const [host = "", ...rest] = repository.split("/");
    const isHost = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
    return isHost ? host : "docker.io";
}

/** Reads `repository@sha256:…`, the last line of the build program's output. */
export function readReference(stdout: string): string {
    const line = stdout.trimEnd().split("\n").at(-1) ?? "";
    if (!/^\S+@sha256:[0-9a-f]{64}$/.test(line)) {
        throw new Error(`the image was built, but ${JSON.stringify(line)} does not name it by digest`);
    }
    return line;
}
