import type { AppComposeSpec, AppLimits } from "../../app/appCompose.ts";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";
import type { BackupRepository } from "../../configuration/experiment/backupRepository.ts";
import type { ScheduledBackups } from "../../configuration/experiment/scheduledBackups.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import { placeOnServer } from "./appNames.ts";

/** An app on a server, without its secrets and its image. What of it an {@link ExperimentApp} is given, is given by these names. */
export interface AppSpec {
    /** Name of the app on its server, a DNS label. Another name is another app. */
    readonly app: string;
    /** The server, as {@link Server.server} describes it. */
    readonly server: ServerOutput;
    /** Hash of what the image is made from, known before it is built: what a preview compares. */
    readonly contentHash: string;
    /**
     * The image as it is known before it is built: what a preview compares. Defaults to `contentHash`; where the image comes from a
     * repository it has that, too, because containers of the same image by another name are other ones.
     */
    readonly plannedImage: string;
    /** Public host names. The first is the one that the experiment makes its links with. */
    readonly hostnames: readonly string[];
    /** Settings as Dallinger reads them from its environment, by its names. */
    readonly settings: Readonly<Record<string, string>>;
    /** Number of worker containers. Defaults to 1. */
    readonly workers: number;
    /** Whether Dallinger's clock runs. Defaults to false. */
    readonly clock: boolean;
    /** What the app may use of the server. */
    readonly limits: AppLimits;
    /** Seconds that `destroy` gives the workers to empty their queues, and a new release the previous workers for their job. Defaults to 600. */
    readonly workersTimeout: number;
    /** Whether the server's engine builds the image, which docker then reaches as the user who logs in. */
    readonly builtByServer: boolean;
    /** Stack that deploys, as `organization/project/stack`, for the release's record. */
    readonly stack: string;
    /** What the server is to remember of a tag that was looked up, as {@link ReferencedImage.lookup} says it; empty when there was none. */
    readonly lookup: string;
    /** Anything; when it changes, database, release and site are brought to what they should be once more. */
    readonly mended: string;
    /**
     * Name of a backup on the server, `20260101T120000Z` below the app's own name, that the app begins with. Where the app has run or
     * its database has a table it changes nothing. Defaults to none: an app begins with an empty database.
     */
    readonly archive: string;
    /** When the app is saved while it works, and which of those backups stay. Defaults to nothing: it is saved when somebody says so. */
    readonly backups?: ScheduledBackups | undefined;
    /** Where its backups go, too. Defaults to nowhere: they stay on the server. */
    readonly repository?: BackupRepository | undefined;
    /** Number of releases that stay on the server with their images. Defaults to 5. */
    readonly retainedReleases: number;
    /** Seconds that a new release gets to become healthy. Defaults to 180. */
    readonly healthyWithin: number;
    /** Seconds that a new release waits for a server that is full before it is refused; 0: it goes on at once. Defaults to 120. */
    readonly quietWithin: number;
    /** MiB that have to be free on the server before an image is pulled. Defaults to 2048. */
    readonly freeSpace: number;
    /** Bytes that the body of a request may have: a larger one is answered with 413. Defaults to 256 MiB. */
    readonly requestBody: number;
}

type Required = "app" | "server" | "contentHash" | "hostnames" | "settings";

/** What has to be said of an app, and what may be. */
export type AppArgs = Pick<AppSpec, Required> & Partial<Omit<AppSpec, Required>>;

/** Fills the defaults in. */
export function resolveApp(args: AppArgs): AppSpec {
    const { workers, clock, workersTimeout, retainedReleases, healthyWithin, quietWithin } = APP_DEFAULTS;
    const { freeSpace, requestBody } = APP_DEFAULTS;
    return {
        ...{ workers, clock, workersTimeout, retainedReleases, healthyWithin, quietWithin, freeSpace, requestBody },
        ...{ plannedImage: args.contentHash, limits: {}, builtByServer: false },
        ...{ stack: "", lookup: "", mended: "", archive: "" },
        ...args,
    };
}

/** The host name that the experiment makes its links with. */
export function hostnameOf({ app, hostnames }: AppSpec): string {
    return hostnames[0] ?? app;
}

/** Connections to PostgreSQL that the app may hold. */
export function connectionsOf({ limits }: AppSpec): number {
    return limits.connections ?? APP_DEFAULTS.connections;
}

/** What the app's compose file is rendered from, with this image. */
export function composeOf(spec: AppSpec, image: string): AppComposeSpec {
    const { app, server, workers, clock, limits, contentHash } = spec;
    return {
        place: placeOnServer(app),
        image,
        images: { redis: server.images.redis, database: server.images.pgbouncer },
        ...{ workers, clock, limits },
        labels: { "dallinger.app": app },
        release: contentHash,
    };
}
