import { execa } from "execa";
import { type BuildRequest, CONTENT_LABEL, taggedName } from "./dockerBuild.ts";
import { WATCHING_LABEL } from "./watching.ts";

/** The id of an image that the engine has, built from the very same content. */
export async function findLoaded(request: BuildRequest, signal?: AbortSignal): Promise<string | undefined> {
    const format = `{{.Id}} {{index .Config.Labels "${CONTENT_LABEL}"}} {{with index .Config.Labels "${WATCHING_LABEL}"}}{{.}}{{end}}`;
    const { failed, stdout } = await execa("docker", ["image", "inspect", "--format", format, taggedName(request)], {
        reject: false,
        timeout: 60_000,
        ...(signal !== undefined && { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    const [id, contentHash, watching = ""] = failed ? [] : stdout.trim().split(" ");
    return contentHash === request.contentHash && watching === (request.watching ?? "") ? id : undefined;
}

/** The same for one that has just been built. */
export async function requireLoaded(request: BuildRequest, signal: AbortSignal): Promise<string> {
    const id = await findLoaded(request, signal);
    if (id === undefined) throw new Error(`it was built, but docker does not have ${taggedName(request)}`);
    return id;
}
