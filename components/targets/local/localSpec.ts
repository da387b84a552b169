import type { AppLimits } from "../../app/appCompose.ts";
import type { GeneratedSecrets } from "../../app/appEnvironment.ts";
import type { LocalConfiguration } from "../../configuration/experiment/localExperiment.ts";
import type { LocalNames } from "./localNames.ts";
import type { WatchedFolders } from "./watchedSources.ts";

/** An experiment on this machine, without its secrets. */
export interface LocalSpec {
    /** Name of the app. */
    readonly app: string;
    readonly names: LocalNames;
    /** The project's folder, absolute. */
    readonly projectFolder: string;
    /** The image, by its id or by digest. */
    readonly image: string;
    /** Hash of what the image is made from. */
    readonly contentHash: string;
    readonly images: LocalConfiguration["images"];
    /** Ports of this machine; of the services, only where tools are to reach them. The web's is 0 until one has been found for it. */
    readonly ports: { readonly web: number; readonly postgres?: number; readonly redis?: number };
    /** Settings as Dallinger reads them from its environment. */
    readonly settings: Readonly<Record<string, string>>;
    /** Names of the settings that are secret. */
    readonly secretNames: readonly string[];
    /** Dallinger's `id`. */
    readonly id: string;
    readonly workers: number;
    readonly clock: boolean;
    readonly limits: AppLimits;
    /** Absolute paths of the folders whose edits its processes see; not there where an image is run that was built before. */
    readonly watched?: WatchedFolders;
    /** Whose files are what the experiment writes, `UID:GID`; empty where Docker sees to that itself. */
    readonly user: string;
    /** Whether the engine runs as who deploys: then it often has no say in how processors are shared, and forgets what it is told of it. */
    readonly rootless: boolean;
}

/** Its secrets. */
export interface LocalSecrets {
    /** Secret settings, by Dallinger's names. */
    readonly settings: Readonly<Record<string, string>>;
    readonly generated: GeneratedSecrets;
}
