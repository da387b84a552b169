import { join, relative, sep } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { BuildRequest } from "../../image/build/dockerBuild.ts";
import { type BuildOutput, readBuildOutput } from "../../image/build/imageName.ts";
import type { AppSpec } from "./appSpec.ts";
import { toDeliveryEnvironment } from "./delivery/deliveryEnvironment.ts";

/** What the image of an app is brought by. */
export interface AppDeliveryArgs {
    readonly spec: pulumi.Output<AppSpec>;
    /** What to build and to bring. */
    readonly request: BuildRequest;
    readonly privateKey: pulumi.Input<string | undefined>;
    /** What has to be on the server before the image is. */
    readonly after: pulumi.Resource;
}

/** An image that is there, and what has to be there before anything is made from it on the server. */
export interface DeliveredImage {
    readonly image: pulumi.Output<BuildOutput>;
    readonly ready: pulumi.Resource;
}

/**
 * Brings an app's image to its server without a registry, by one ssh connection.
 *
 * Whatever changes, the server is asked first: an image that it has, made from the same content, stays the one it was.
 */
export function deliverImage(
    name: string,
    parent: pulumi.ComponentResource,
    { spec, request, privateKey, after }: AppDeliveryArgs,
): DeliveredImage {
    const environment = spec.apply(({ app, freeSpace, mended, server: { host, port, user, hostKey } }) =>
        toDeliveryEnvironment({ build: request, server: { host, port, user, hostKey }, app, freeSpace, mended }),
    );
    const delivery = new local.Command(
        name,
        {
            create: `node ${deliveryProgram()}`,
            environment,
            stdin: pulumi.output(privateKey).apply((key) => key ?? ""),
            // The image's id on stdout is for the program; what people watch is on stderr.
            logging: local.Logging.Stderr,
            // The log of the delivery before, in an environment variable, could be too much for the kernel.
            addPreviousOutputInEnv: false,
        },
        { parent, dependsOn: after, customTimeouts: { create: "2h", update: "2h" } },
    );
    return { image: pulumi.unsecret(delivery.stdout).apply(readBuildOutput), ready: delivery };
}

/** Relative to the project's folder, in which commands run: the same in everybody's checkout. */
function deliveryProgram(): string {
    return relative(process.cwd(), join(import.meta.dirname, "delivery/deliver.ts"))
        .split(sep)
        .join("/");
}
