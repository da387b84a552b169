import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { buildEnvironment } from "../../image/build/buildEnvironment.ts";
import type { BuildRequest } from "../../image/build/dockerBuild.ts";
import { type BuildOutput, readBuildOutput } from "../../image/build/imageName.ts";
import { programCommand } from "../../local/programCommand.ts";
import type { AppSpec } from "./appSpec.ts";
import { deliveryProgram, destinationEnvironment } from "./delivery/deliveryEnvironment.ts";

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
    const environment = spec.apply(({ app, freeSpace, mended, server }) => ({
        ...buildEnvironment.render(request),
        ...destinationEnvironment.render({ ...server, app, freeSpace, mended }),
    }));
    const delivery = new local.Command(
        name,
        {
            ...programCommand(deliveryProgram),
            environment,
            stdin: pulumi.output(privateKey).apply((key) => key ?? ""),
        },
        { parent, dependsOn: after, customTimeouts: { create: "2h", update: "2h" } },
    );
    return { image: pulumi.unsecret(delivery.stdout).apply(readBuildOutput), ready: delivery };
}
