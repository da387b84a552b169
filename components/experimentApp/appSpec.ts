import type * as pulumi from "@pulumi/pulumi";
import type { ServerOutput } from "../configuration/serverOutput.ts";
import type { AppComposeSpec, AppLimits } from "./appCompose.ts";

/** An app's arguments without its secrets, resolved and with defaults. */
export interface AppSpec {
    readonly app: string;
    readonly server: ServerOutput;
    readonly image: string;
    readonly contentHash: string;
    readonly hostname: string;
    readonly hostnames: readonly string[];
    readonly settings: Readonly<Record<string, string>>;
    readonly connections: number;
    readonly workersTimeout: number;
    readonly compose: AppComposeSpec;
}

/** The plain arguments of an ExperimentApp, as they resolve. */
export interface PlainArgs {
    readonly app: string;
    readonly server: ServerOutput;
    readonly image: string;
    readonly contentHash: string;
    readonly hostnames: readonly string[];
    readonly settings: Readonly<Record<string, string>>;
    readonly workers?: number;
    readonly clock?: boolean;
    readonly limits?: AppLimits;
    readonly workersTimeout?: number;
}

/** Arguments with defaults. Connections: pgbouncer's 45 and five for a person with psql. */
export function resolveApp(args: pulumi.Unwrap<PlainArgs>): AppSpec {
    const { app, server, image, contentHash, hostnames, settings } = args;
    const { workers = 1, clock = false, limits = {}, workersTimeout = 300 } = args;
    const [hostname = app] = hostnames;
    return {
        app,
        server,
        image,
        contentHash,
        hostname,
        hostnames,
        settings,
        connections: limits.connections ?? 50,
        workersTimeout,
        compose: {
            app,
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
