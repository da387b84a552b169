import type * as pulumi from "@pulumi/pulumi";
import type { AppComposeSpec, AppLimits } from "../../app/appCompose.ts";
import { REQUEST_BODY, WORKERS_TIMEOUT } from "../../configuration/experiment/experimentShape.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import type { BuildOutput } from "../../image/build/imageName.ts";
import { placeOnServer } from "./appNames.ts";

/** An app's arguments without its secrets, resolved and with defaults. */
export interface AppSpec {
    readonly app: string;
    readonly server: ServerOutput;
    /** Empty as long as the image is on its way to the server. */
    readonly image: string;
    readonly contentHash: string;
    /** The image as a preview knows it. */
    readonly plannedImage: string;
    readonly hostname: string;
    readonly hostnames: readonly string[];
    readonly settings: Readonly<Record<string, string>>;
    readonly connections: number;
    readonly workersTimeout: number;
    /** Stack that deploys, as `organization/project/stack`. */
    readonly stack: string;
    /** Whether the server's engine builds the image, which docker then reaches as the user who logs in. */
    readonly builtByServer: boolean;
    /** Commit that the image was built from; empty when nobody knows. */
    readonly commit: string;
    /** What the server is to remember of a tag that was looked up; empty when there was none. */
    readonly lookup: string;
    /** Anything; when it changes, database, release and site are brought to what they should be once more. */
    readonly mended: string;
    /** Name of the backup that the app begins with where it has no data yet; empty when there is none. */
    readonly archive: string;
    /** Number of releases that stay on the server. */
    readonly keptReleases: number;
    /** Seconds that a release gets to become healthy. */
    readonly healthyWithin: number;
    /** MiB that have to be free before an image is pulled. */
    readonly freeSpace: number;
    /** Bytes that the body of a request may have. */
    readonly requestBody: number;
    readonly compose: AppComposeSpec;
}

/** The plain arguments of an ExperimentApp, as they resolve. */
export interface PlainArgs {
    readonly app: string;
    readonly server: ServerOutput;
    readonly image?: string;
    readonly contentHash: string;
    readonly plannedImage?: string;
    readonly hostnames: readonly string[];
    readonly settings: Readonly<Record<string, string>>;
    readonly workers?: number;
    readonly clock?: boolean;
    readonly limits?: AppLimits;
    readonly workersTimeout?: number;
    readonly stack?: string;
    readonly builtByServer?: boolean;
    readonly commit?: string;
    readonly lookup?: string | undefined;
    readonly mended?: string;
    readonly archive?: string;
    readonly keptReleases?: number;
    readonly healthyWithin?: number;
    readonly freeSpace?: number;
    readonly requestBody?: number;
}

/** Arguments with defaults. Connections: pgbouncer's 45 and five for a person with psql. */
export function resolveApp(args: pulumi.Unwrap<PlainArgs>): AppSpec {
    const { app, server, image = "", contentHash, plannedImage = contentHash, hostnames, settings } = args;
    const { workers = 1, clock = false, limits = {}, workersTimeout = WORKERS_TIMEOUT } = args;
    const { builtByServer = false } = args;
    const { stack = "", commit = "", lookup = "", mended = "", archive = "" } = args;
    const { keptReleases = 5, healthyWithin = 180, freeSpace = 2048, requestBody = REQUEST_BODY } = args;
    const [hostname = app] = hostnames;
    return {
        app,
        server,
        image,
        contentHash,
        plannedImage,
        hostname,
        hostnames,
        settings,
        connections: limits.connections ?? 50,
        workersTimeout,
        stack,
        builtByServer,
        commit,
        lookup,
        mended,
        archive,
        keptReleases,
        healthyWithin,
        freeSpace,
        requestBody,
        compose: {
            place: placeOnServer(app),
            image,
            images: server.images,
            workers,
            clock,
            limits,
            labels: { "dallinger.app": app },
            release: contentHash,
        },
    };
}

/** The same for an image that has come to the server. */
export function withImage(spec: AppSpec, { reference, commit }: BuildOutput): AppSpec {
    return { ...spec, image: reference, commit, compose: { ...spec.compose, image: reference } };
}
