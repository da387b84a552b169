import { registryOf } from "./build/imageName.ts";

/** A login to the registry of an image. */
export interface RegistryLogin {
    readonly user: string;
    /** Password or token; secret. */
    readonly password: string;
}

/** What docker calls its own registry where it keeps logins. */
const DOCKER_HUB = "https://index.docker.io/v1/";

/**
 * Renders a config.json that makes docker pull an image as somebody, and log in nowhere else.
 *
 * The form is that of `docker login` without a credential store, which on a server could be one that wants a desktop.
 */
export function renderRegistryLogin(image: string, { user, password }: RegistryLogin): string {
    const registry = registryOf(image);
    const auth = Buffer.from(`${user}:${password}`).toString("base64");
    return `${JSON.stringify({ auths: { [registry === "docker.io" ? DOCKER_HUB : registry]: { auth } } })}\n`;
}
