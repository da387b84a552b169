import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { keepConnection } from "./keepConnection.ts";

/** Status by which Pulumi's language host knows that why is said already (@pulumi/pulumi, cmd/run/index.ts). */
const HAS_SAID_WHY = 32;

/** How gRPC begins the message of a call that was cut off. What other failures say may be of a resource's, and is Pulumi's to show. */
const CUT_OFF = /^\d+ (UNAVAILABLE|CANCELLED): /;

/** @param how how calls to Pulumi have ended that had no answer: for whoever looks for the cause. */
function message(how: readonly string[]): string {
    const details = how.length > 0 ? ` (${how.join("; ")})` : "";
    return (
        `the program ended before all was declared: its connection with Pulumi was cut${details}. What has been done so far is ` +
        "kept; the same command goes on from there"
    );
}

/**
 * Fails an operation whose program has lost its connection with Pulumi before it has declared all resources. Pulumi's library declares
 * nothing more from then on and ends as if all were: what was not declared would pass for unwanted and be removed, a running
 * experiment too. To be called before the first resource. It also sees to it that the connection is hardly ever cut, by
 * {@link keepConnection}.
 *
 * Where Pulumi has ended the connection itself, because a resource has failed or somebody has cancelled, it has said why.
 */
export function failWhenCutOff(): void {
    keepConnection();
    const undeclared = new Set<pulumi.Resource>();
    const cutOff = noteCutOffCalls();
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
        console.error(message(cutOff()));
        process.exitCode = 1;
    });
}

/**
 * Notes how calls to Pulumi are cut off from now on: its library keeps to itself what it takes for the end.
 * @returns what has been noted, each kind of failure once.
 */
function noteCutOffCalls(): () => readonly string[] {
    const noted = new Set<string>();
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) return () => [];
    for (const method of ["registerResource", "registerResourceOutputs", "readResource"]) {
        const call: unknown = Reflect.get(monitor, method);
        if (typeof call !== "function") continue;
        const noting = (...args: unknown[]): unknown => {
            const began = performance.now();
            const reply = args.pop();
            const note = (error: unknown, ...rest: unknown[]) => {
                const seconds = Math.round((performance.now() - began) / 1000);
                if (error instanceof Error && CUT_OFF.test(error.message))
                    noted.add(`${method}: ${error.message}, after ${seconds} s`);
                if (typeof reply === "function") Reflect.apply(reply, undefined, [error, ...rest]);
            };
            return Reflect.apply(call, monitor, [...args, note]);
        };
        Object.defineProperty(monitor, method, { value: noting, configurable: true });
    }
    return () => [...noted];
}

async function isPulumiListening(): Promise<boolean> {
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) return false;
    return await new Promise((resolve) => {
        monitor.supportsFeature(new resources.SupportsFeatureRequest(), (error) => resolve(error === null));
    });
}
