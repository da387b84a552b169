import { PLATFORMS, type Platform } from "../configuration/checking/platform.ts";

/** What an engine has to be asked, each by a template of the docker command. */
export const ENGINE_QUESTIONS = {
    /** A line with platform and version, then one with the name of each component (`docker version`). */
    version: '{{.Server.Os}}/{{.Server.Arch}} {{.Server.Version}}{{range .Server.Components}}{{"\\n"}}{{.Name}}{{end}}',
    /** Among others `name=rootless` (`docker info`; docs.docker.com/engine/security/rootless). */
    info: "{{.SecurityOptions}}",
} as const;

/** Engines before it do not ask a container about its health at short intervals while it starts. */
const OLDEST = 25;

/** The component by which Podman tells that it speaks in Docker's place; its other answers are Docker's. */
const PODMAN = "Podman Engine";

/** Reads what images are built for from the answer about the version; or why an experiment cannot run there, in one line. */
export function readPlatform(answer: string): { readonly platform: Platform } | { readonly refused: string } {
    const [first = "", ...components] = answer.trim().split("\n");
    const [platform = "", version = ""] = first.split(" ");
    if (components.includes(PODMAN)) {
        return {
            refused: `Podman ${version} is here, which asks after containers' health and builds images in other ways than Docker: take Docker Engine, which runs without root, too`,
        };
    }
    if (Number.parseInt(version, 10) < OLDEST)
        return { refused: `Docker Engine ${version} is here, and ${OLDEST} or newer is needed: upgrade it` };
    const known = PLATFORMS.find((name) => name === platform);
    if (known === undefined)
        return { refused: `Docker runs containers of ${platform} here; ${PLATFORMS.join(" or ")} are needed` };
    return { platform: known };
}

/** Reads from an engine's answer about itself whose files its containers can read; or why an experiment cannot run there. */
export function readUsers(answer: string): { readonly rootless: boolean } | { readonly refused: string } {
    // Root in a container is somebody there who may not read files of mode 0600, as secrets are.
    if (/\bname=userns\b/.test(answer)) {
        return {
            refused:
                "this Docker engine has other users in its containers (userns-remap), who cannot read your files: take it out of /etc/docker/daemon.json",
        };
    }
    // It runs as who has started it.
    return { rootless: /\bname=rootless\b/.test(answer) };
}
