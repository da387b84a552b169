import type { Output } from "@pulumi/pulumi";
import type { ExperimentSecrets } from "../configuration/experiment/backupRepository.ts";
import type { ServerSecrets } from "../configuration/server/serverSecrets.ts";
import type { ExperimentSettings } from "../configuration/settings/experimentSettings.ts";

/** Values that are secret from the moment they were read on: the engine encrypts them wherever they go. */
type Sealed<T> = { readonly [K in keyof T]: Output<Exclude<T[K], undefined>> };

/** What the block `serverSecrets` holds. */
export type SealedServerSecrets = Sealed<ServerSecrets>;

/** What the block `experimentSecrets` holds, as a whole: some of it may be left out. */
export type SealedExperimentSecrets = Output<ExperimentSecrets>;

/** An experiment's settings, those among the secrets sealed. */
export type SealedSettings = Omit<ExperimentSettings, "secretEnvironment"> &
    Sealed<Pick<ExperimentSettings, "secretEnvironment">>;
