import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";

/** Status by which Pulumi's language host knows that why is said already (@pulumi/pulumi, cmd/run/index.ts). */
const HAS_SAID_WHY = 32;

const MESSAGE =
    "the program ended before all was declared: its connection with Pulumi was cut. What has been done so far is kept; " +
    "the same command goes on from there";

/**
 * Fails an operation whose program has lost its connection with Pulumi before it has declared all resources. Pulumi's library declares
 * nothing more from then on and ends as if all were: what was not declared would pass for unwanted and be removed, a running
 * experiment too. To be called before the first resource.
 *
 * Where Pulumi has ended the connection itself, because a resource has failed or somebody has cancelled, it has said why.
 */
export function failWhenCutOff(): void {
    const undeclared = new Set<pulumi.Resource>();
    pulumi.runtime.registerStackTransformation(({ resource }) => {
        undeclared.add(resource);
        // It has a URN once its constructor has come to its end, and a value of that once Pulumi knows it.
        queueMicrotask(() => resource.urn.apply(() => undeclared.delete(resource)));
        return undefined;
    });
    // Before the end Pulumi's library tells the engine that all is declared, unless there is a status by then.
    process.on("beforeExit", async (status) => {
        if (status !== 0 || undeclared.size === 0) return;
        process.exitCode = HAS_SAID_WHY;
        if (pulumi.log.hasErrors() || !(await isPulumiListening())) return;
        // Not by Pulumi's log, whose connection may have been cut as well.
        console.error(MESSAGE);
        process.exitCode = 1;
    });
}

async function isPulumiListening(): Promise<boolean> {
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) return false;
    return await new Promise((resolve) => {
        monitor.supportsFeature(new resources.SupportsFeatureRequest(), (error) => resolve(error === null));
    });
}
