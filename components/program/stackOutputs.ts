import type { Input, Output } from "@pulumi/pulumi";
import type { ServerOutput } from "../configuration/server/serverOutput.ts";

/** The outputs of a stack: contracts, each there when the stack has what it speaks of. */
export interface StackOutputs {
    /** What other stacks need to deploy onto the server that this one prepares. */
    readonly server: Output<ServerOutput> | undefined;
    /** Where participants go. */
    readonly url: Output<string> | undefined;
    readonly dashboardUrl: Output<string> | undefined;
    readonly dashboardUser: Output<string> | undefined;
    /** Secret. */
    readonly dashboardPassword: Output<string> | undefined;
    /** A compose file of this machine. */
    readonly composeFile: Output<string> | undefined;
    /** Id of the release that serves. */
    readonly release: Output<string> | undefined;
    /** What Dallinger answered to the launch. */
    readonly recruitment: Output<string> | undefined;
    /** What runs, by digest. */
    readonly image: Output<string> | undefined;
    /** A command that shows the logs. */
    readonly logs: Output<string> | undefined;
}

/** The outputs that are there: Pulumi warns of each one without a value. */
export function definedOutputs(outputs: StackOutputs): Record<string, Input<unknown>> {
    return Object.fromEntries(Object.entries(outputs).filter(([, output]) => output !== undefined));
}
