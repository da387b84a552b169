import type { BuildOutput } from "../../image/build/imageName.ts";
import type { AppSpec } from "./appSpec.ts";

/**
 * Renders the record of a release that is kept on the server: what runs, from which stack and commit. The server adds the
 * release's id, the time and whose key brought it, and needs the closing brace on a line of its own for that.
 *
 * Secret settings are in it by name. Nobody who deploys is: their name would make every other operator's `up` a change.
 */
export function renderReleaseRecord(
    { contentHash, settings, stack, workers, clock }: AppSpec,
    { reference: image, commit }: BuildOutput,
    secretSettings: Readonly<Record<string, string>>,
): string {
    const secrets = Object.keys(secretSettings).toSorted();
    const record = { stack, commit, image, contentHash, workers, clock, settings, secrets };
    return `${JSON.stringify(record, null, 2).replace(/\n\}$/, ",\n}")}\n`;
}
