import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";

/**
 * Milliseconds between two questions to Pulumi: less than the 15 s of silence after which Go probes a connection (net.ListenConfig).
 * gRPC's servers give a connection up whose probe nobody has answered for 20 s (TCP_USER_TIMEOUT, grpc-go, internal/transport).
 */
const PAUSE = 5000;

/**
 * Keeps a program's connection with Pulumi in use while it waits for a resource, by a question now and then. Silent for half a minute,
 * it is cut by a single lost packet, even within one machine, where that is a busy one.
 */
export function keepConnection(): void {
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) return;
    const question = new resources.SupportsFeatureRequest();
    const asking = setInterval(() => {
        try {
            // Whatever the answer is: it has come.
            monitor.supportsFeature(question, () => {});
        } catch {
            clearInterval(asking); // closed by now
        }
    }, PAUSE);
    // The program ends when it has nothing else to do.
    asking.unref();
}
