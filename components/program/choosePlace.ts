import { type Output, output, type Resource } from "@pulumi/pulumi";
import type { Platform } from "../configuration/checking/platform.ts";
import type { ServerOutput } from "../configuration/server/serverOutput.ts";
import { serverTarget } from "../targets/server/serverTarget.ts";
import type { Target } from "../targets/target.ts";
import { findEngine } from "./findEngine.ts";
import { prepareServer } from "./prepareServer.ts";
import type { SealedConfiguration } from "./readConfiguration.ts";
import { serverOfStack } from "./serverOfStack.ts";

/** Where a stack's experiment runs, and what the stack makes of it. */
export interface Place {
    /** What images are built for. */
    readonly platform: Platform;
    /** Makes it ready, once these are there: an image that cannot be built is known before a server is contacted. */
    prepare(after: readonly Resource[]): PreparedPlace;
}

/** A place that is ready. */
export interface PreparedPlace {
    readonly target: Target;
    /** The server that this stack prepares. */
    readonly server?: Output<ServerOutput>;
}

/**
 * The place that a stack's configuration names: the server that it prepares, that of another stack, or this machine.
 *
 * @throws {pulumi.RunError} when it cannot be found.
 */
export async function choosePlace(configuration: SealedConfiguration): Promise<Place> {
    const { server: block, serverSecrets, experimentSecrets, experiment } = configuration;
    if (block !== undefined) {
        return {
            platform: block.platform,
            prepare: (after) => {
                const prepared = prepareServer(block, serverSecrets, experiment, { dependsOn: [...after] });
                const { server } = prepared;
                return { target: serverTarget({ server, prepared, serverSecrets, experimentSecrets }), server };
            },
        };
    }
    const on = experiment?.on;
    if (on === undefined) throw new Error("a stack has a server or an experiment");
    if ("local" in on) {
        const [{ address: engine, platform, rootless }, { localTarget }] = await Promise.all([
            findEngine(),
            // @pulumi/docker takes a tenth of a second to load, which stacks with servers need not wait for.
            import("../targets/local/localTarget.ts"),
        ]);
        return { platform, prepare: () => ({ target: localTarget({ engine, rootless, local: on.local }) }) };
    }
    const known = await serverOfStack(on.stack);
    const target = serverTarget({ server: output(known), prepared: undefined, serverSecrets, experimentSecrets });
    return { platform: known.platform, prepare: () => ({ target }) };
}
