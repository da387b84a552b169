import { z } from "zod";
import { configurationPath } from "../checking/configurationPath.ts";
import { isImageId, isPinnedReference } from "../checking/imageReference.ts";
import type { Problem } from "../checking/problems.ts";
import type { ExperimentSettings } from "../settings/experimentSettings.ts";
import { isMode } from "../settings/settingRules.ts";
import type { ExperimentConfiguration } from "./experimentConfiguration.ts";

/** A retained release that the stack goes back to: its image and its settings, whatever the other blocks and config.txt say. */
const rollbackShape = z.strictObject({
    /** Id of the release on the server. */
    release: z.string().regex(/^[0-9a-f]{12}$/),
    /** `repository@sha256:…`; the id on the server of what no registry has. */
    image: z.string().refine((text) => isPinnedReference(text) || isImageId(text)),
    contentHash: z.string().min(1),
    commit: z.string(),
    workers: z.int().min(1),
    clock: z.boolean(),
    /** As the containers had them. */
    settings: z.record(z.string(), z.string()),
    /** Names of the secret ones; their values are in `rollbackSecrets`. */
    secrets: z.array(z.string()),
});

/** The block `rollback`, as `./ops/dallinger rollback` writes it. */
export type Rollback = z.infer<typeof rollbackShape>;

/** What a stack runs while it is rolled back. */
interface RolledBack {
    readonly image: ExperimentConfiguration["image"];
    readonly settings: ExperimentSettings;
}

/** A rollback that holds, or the one problem with it. */
export interface CheckedRollback {
    readonly rolledBack?: RolledBack;
    readonly problems: readonly Problem[];
}

/** Checks the blocks that say which release the stack goes back to; their form is a program's, so nothing in them is mended by hand. */
export function checkRollback(raw: unknown, rawSecrets: unknown): CheckedRollback {
    const rollback = rollbackShape.safeParse(raw).data;
    const secrets = z.record(z.string(), z.string()).safeParse(rawSecrets ?? {}).data;
    const path = configurationPath("rollback");
    const fix = `./ops/dallinger rollback   (or ./ops/dallinger forward, to leave it)`;
    if (rollback === undefined || secrets === undefined) {
        return { problems: [{ path, message: "is not what ./ops/dallinger rollback writes", fix }] };
    }
    const missing = rollback.secrets.filter((name) => secrets[name] === undefined);
    if (missing.length > 0) {
        const message = `needs ${missing.join(", ")} in ${configurationPath("rollbackSecrets")}`;
        return { problems: [{ path, message, fix }] };
    }
    if (!isMode(rollback.settings.mode)) return { problems: [{ path, message: "has settings without a mode", fix }] };
    const { image: retained, contentHash, commit, workers, clock, settings } = rollback;
    const secretEnvironment = Object.fromEntries(rollback.secrets.map((name) => [name, secrets[name] ?? ""]));
    const own = { environment: settings, secretEnvironment, workers, clock };
    return { rolledBack: { image: { retained, contentHash, commit }, settings: own }, problems: [] };
}
