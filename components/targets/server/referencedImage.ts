import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { isPinnedReference } from "../../configuration/checking/imageReference.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import type { RegistryLogin } from "../../image/registryLogin.ts";
import { connectionTo } from "../../remote/connection.ts";
import { firstContactCommand } from "../../remote/firstContact.ts";
import { lookupQuestion, lookupScript } from "./lookup.ts";

/** Arguments of {@link ReferencedImage}. */
export interface ReferencedImageArgs {
    /** Image by tag or by digest. */
    reference: string;
    /** Name of the app that is to run it. */
    app: string;
    /** The server that is to run it, and that the registry has to let pull. */
    server: pulumi.Input<ServerOutput>;
    /** Anything; when it changes, what a tag means is asked again. Defaults to nothing. */
    resolved?: string;
    /** Name of a backup on the server that the app begins with: what a tag meant goes along with it. Defaults to none. */
    archive?: string;
    /** Login to the registry. Without it the registry has to let everybody pull. */
    registryLogin?: pulumi.Input<RegistryLogin | undefined>;
    /** ssh key of the stack's own. Without it the operator's ssh agent authenticates. */
    privateKey?: pulumi.Input<string | undefined>;
}

/**
 * An image that was built before, whoever built it: the server that is to run it asks the registry, so that nobody needs docker,
 * a login or the experiment's files for it.
 *
 * What a tag means is asked once and kept. An image of another platform is refused, before anything has changed on the server.
 */
export class ReferencedImage extends pulumi.ComponentResource {
    /** By digest: the reference itself where it has one, known in a preview; else what its tag meant when it was looked up. */
    readonly reference: pulumi.Output<string>;
    /** What the server is to remember of the lookup, for the release that runs the image: the question and the answer, a line each. */
    readonly lookup: pulumi.Output<string>;

    constructor(name: string, args: ReferencedImageArgs, opts?: pulumi.ComponentResourceOptions) {
        const { reference, app, resolved = "", archive = "", server, registryLogin, privateKey } = args;
        super("dallinger:index:ReferencedImage", name, { reference, app, resolved }, opts);

        const target = pulumi.output(server);
        const stdin = pulumi
            .all([target, registryLogin])
            .apply(([{ id: serverId, platform }, login]) =>
                lookupScript({ app, serverId, reference, platform, resolved, archive }, login),
            );
        const lookup = new remote.Command(
            `${name}-lookup`,
            {
                connection: pulumi.all([target, privateKey]).apply(([address, key]) => connectionTo(address, key)),
                create: firstContactCommand("create"),
                update: firstContactCommand("update"),
                stdin: registryLogin === undefined ? stdin : pulumi.secret(stdin),
                logging: "stderr",
                addPreviousOutputInEnv: false,
            },
            // What the component waits for, its first contact with the server waits for.
            { parent: this, dependsOn: opts?.dependsOn ?? [], customTimeouts: { create: "5m", update: "5m" } },
        );

        // The login makes the input a secret, not what the registry has said.
        const answer = pulumi.unsecret(lookup.stdout).apply((stdout) => stdout.trim());
        this.reference = isPinnedReference(reference) ? pulumi.output(reference) : answer;
        this.lookup = pulumi
            .all([target, answer])
            .apply(([{ platform }, image]) => `${lookupQuestion({ reference, platform, resolved })}\n${image}\n`);
        this.registerOutputs({ reference: this.reference });
    }
}
