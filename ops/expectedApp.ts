import { resourcesIn } from "./exportedState.ts";
import { fileSum, payloadSum, sentPayload } from "./sentPayload.ts";

/** What a stack's state has of its app, beside which what there is on the server shows as different. */
export interface ExpectedApp {
    /** Id of the release that serves; `none` before the first. */
    readonly release: string;
    /** SHA-256 of the app's site file; empty where it has not come to that. */
    readonly site: string;
    /** Sum of what was last sent of its scheduled backups; `none` where none are. */
    readonly schedule: string;
}

/** Finds it in what `pulumi stack export --show-secrets` prints. */
export function expectedApp(exported: unknown): ExpectedApp {
    const release = resourcesIn(exported).find(({ urn }) => /::pulumi:pulumi:Stack::[^:]*$/.test(urn))?.outputs
        ?.release;
    return {
        release: typeof release === "string" ? release : "none",
        schedule: payloadSum(sentPayload(exported, "experiment-schedule") ?? "") ?? "none",
        site: fileSum(sentPayload(exported, "experiment-site") ?? "", "site.caddy") ?? "",
    };
}
