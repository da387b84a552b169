import { repositoryOf } from "../../configuration/checking/imageReference.ts";
import type { Platform } from "../../configuration/checking/platform.ts";
import { type RegistryLogin, renderRegistryLogin } from "../../image/registryLogin.ts";
import { renderFirstContact } from "../../remote/firstContact.ts";
import { binFiles } from "../../remote/templates.ts";

/** What a server is asked about an image. */
export interface Lookup {
    /** Name of the app that is to run it. */
    readonly app: string;
    /** Id of the server that is asked. */
    readonly serverId: string;
    /** Image by tag or by digest. */
    readonly reference: string;
    readonly platform: Platform;
    /** Anything; when it changes, what a tag means is asked again. */
    readonly resolved: string;
    /** Name of the backup that the app begins with where it has no data yet; empty when there is none. */
    readonly archive: string;
}

/** The question in one line: to the same one a server that has an answer gives that one, whatever the tag means by now. */
export function lookupQuestion({ reference, platform, resolved }: Omit<Lookup, "app" | "serverId" | "archive">) {
    return [reference, platform, resolved].join(" ");
}

/** What `sh -s` reads to look an image up on a server, which may have no script of ours for the app yet. */
export function lookupScript(lookup: Lookup, login: RegistryLogin | undefined): string {
    const { app, serverId, reference, platform, archive } = lookup;
    const files = [
        ...binFiles(
            ...["messages.sh", "server.sh", "registry.sh"].map((script) => `shared/${script}`),
            "app/lookup.sh",
        ),
        { path: "name", content: app },
        { path: "server", content: serverId },
        { path: "reference", content: reference },
        { path: "repository", content: repositoryOf(reference) },
        { path: "platform", content: platform },
        { path: "question", content: lookupQuestion(lookup) },
        ...(archive === "" ? [] : [{ path: "archive", content: archive }]),
        ...(login === undefined ? [] : [{ path: "login/config.json", content: renderRegistryLogin(reference, login) }]),
    ];
    return renderFirstContact({ script: "bin/lookup.sh", files });
}
