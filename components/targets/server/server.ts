import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Platform } from "../../configuration/checking/platform.ts";
import {
    openReferences,
    type PinnedImages,
    pinnedImages,
    type ResolvedImages,
    withAnswers,
} from "../../configuration/server/resolvedImages.ts";
import type { ServerConfiguration } from "../../configuration/server/serverConfiguration.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import { asRoot, asRootWhereFolder } from "../../remote/commandLine.ts";
import { connectionTo } from "../../remote/connection.ts";
import { firstContactCommand, renderFirstContact } from "../../remote/firstContact.ts";
import { type PayloadFile, renderPayload } from "../../remote/payload.ts";
import { doorFiles, serverDoor } from "./doors.ts";
import type { NamesFromHere } from "./hostNames/namesEnvironment.ts";
import { issuerOf, type NamesRequest, namesFile } from "./hostNames/namesRequest.ts";
import { lookUpFromHere } from "./namesFromHere.ts";
import { serverContainers } from "./serverContainers.ts";
import { serverFolder } from "./serverNames.ts";
import { resolveServer, type ServerSpec } from "./serverSpec.ts";
import { servicesFiles } from "./servicesFiles.ts";
import { readServicesOutput } from "./servicesOutput.ts";

/** Arguments of {@link Server}. */
export interface ServerArgs {
    /** Name or address to reach the server at by ssh. A changed one is refused by a server that has another id. */
    host: pulumi.Input<string>;
    /** Port of sshd. Defaults to 22. */
    port?: pulumi.Input<number>;
    /** User to log in as; other than root it needs sudo without a password. Defaults to root. */
    user?: pulumi.Input<string>;
    /** The server's public host key, `ssh-ed25519 AAAA…`. Nothing is sent to a host with another one. */
    hostKey: pulumi.Input<string>;
    /** Domain whose sub-domains point to the server. Without it apps are found below `wildcard`, which needs an IPv4 address in `host` or `addresses`. */
    dnsHost?: pulumi.Input<string | undefined>;
    /** DNS service whose names say which address they mean, for apps without `dnsHost`. Defaults to nip.io. */
    wildcard?: pulumi.Input<string | undefined>;
    /** Addresses that the apps' host names resolve to, where that is not `host`: behind NAT or a proxy. Defaults to those of `host`. */
    addresses?: pulumi.Input<readonly string[] | undefined>;
    /** Where Docker comes from if it is missing: the distribution, or Docker's own repository. Defaults to distribution. */
    engine?: pulumi.Input<ServerConfiguration["engine"]>;
    /** Platform of the images that run there. Defaults to linux/amd64. */
    platform?: pulumi.Input<Platform>;
    /** Who issues certificates. Defaults to Caddy's own CA (`internal`). */
    tls?: pulumi.Input<ServerConfiguration["tls"]>;
    /** Images of the shared services and of what each app needs beside its own. */
    images: pulumi.Input<ServerConfiguration["images"]>;
    /** Service -> what its image means by now, `postgres:17@sha256:…`. Without it, what the server has found at its first `up`. */
    resolved?: pulumi.Input<ResolvedImages | undefined>;
    /** PEM of the CA of registries that no public CA vouches for; the server trusts it for every registry it pulls from. */
    registryCa?: pulumi.Input<string>;
    /** Lets `destroy` drop backups that nobody has fetched. Defaults to false. */
    discardBackups?: pulumi.Input<boolean>;
    /** Anything; when it changes, the shared services are brought to what they should be once more. */
    mended?: pulumi.Input<string>;
    /** Host names that have to lead to the server before anything is changed there. Defaults to none. */
    hostnames?: pulumi.Input<readonly string[]>;
    /** Whether they are looked up from the machine of who deploys as well. Defaults to true. */
    checkFromHere?: boolean;
    /** ssh key of the stack's own. Without it the operator's ssh agent authenticates. */
    privateKey?: pulumi.Input<string | undefined>;
    /** PEM of the private key that belongs to `tls.certificate`, for mode `custom`. */
    tlsKey?: pulumi.Input<string | undefined>;
    /** Key id -> MAC key in base64url, of the accounts that `tls.authorities` name. */
    externalAccountKeys?: pulumi.Input<Readonly<Record<string, string>> | undefined>;
}

/** A server prepared for experiments: Docker, and the PostgreSQL and Caddy that its apps share. */
export class Server extends pulumi.ComponentResource {
    /** What a stack needs to deploy onto this server; holds no secret. */
    readonly server: pulumi.Output<ServerOutput>;

    constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
        const { privateKey, tlsKey, externalAccountKeys, hostnames = [], checkFromHere = true, ...shown } = args;
        const containers = pulumi
            .all([args.images, args.resolved])
            .apply(([images, resolved]) => serverContainers(images, resolved ?? {}));
        super("dallinger:index:Server", name, { ...shown, containers }, opts);

        const id = new random.RandomUuid(`${name}-id`, {}, { parent: this }).result;
        const spec = pulumi.output({ ...shown, id }).apply(resolveServer);
        const connection = pulumi.all([spec, privateKey]).apply(([address, key]) => connectionTo(address, key));
        const names = pulumi.all([spec, hostnames]).apply(namesToLookUp);
        const seen =
            checkFromHere && hasNames(hostnames) ? lookUpFromHere(`${name}-names`, this, names, privateKey) : undefined;
        const claimed = pulumi.all([spec, names, seen?.id]).apply(([known, request]) => renderClaim(known, request));
        // What the component waits for, its first contact with the server waits for.
        const claim = this.claim(name, spec, claimed, connection, opts?.dependsOn);
        const images = this.images(name, spec, connection, claim);
        const pinned = spec.apply((known) => meanings(known, images));
        const services = new remote.Command(
            `${name}-services`,
            {
                connection,
                create: spec.apply(({ user }) => asRoot(user, serverDoor, "services")),
                stdin: pulumi
                    .all([spec, pinned, pulumi.all({ tlsKey, externalAccountKeys })])
                    .apply(([known, found, keys]) => renderPayload(servicesFiles(known, found, keys))),
                logging: "stderr",
                addPreviousOutputInEnv: false,
            },
            { parent: this, dependsOn: images, customTimeouts: { create: "2h", update: "2h" } },
        );

        this.server = pulumi
            .all([spec, pinned, services.stdout])
            .apply(([known, found, stdout]) => readServicesOutput(known, found, stdout));
        this.registerOutputs({ server: this.server });
    }

    /** What the services' references mean is asked once, where no configuration says it, and kept in the state. */
    private images(
        name: string,
        spec: pulumi.Output<ServerSpec>,
        connection: pulumi.Output<ReturnType<typeof connectionTo>>,
        claim: remote.Command,
    ): remote.Command {
        return new remote.Command(
            `${name}-images`,
            {
                connection,
                create: spec.apply(({ user }) => asRoot(user, serverDoor, "images", "apply")),
                stdin: spec.apply((known) => renderPayload(imagesFiles(known))),
                logging: "stderr",
                addPreviousOutputInEnv: false,
            },
            { parent: this, dependsOn: claim, customTimeouts: { create: "2h", update: "2h" } },
        );
    }

    /** Refuses what has to be refused, and owns what `destroy` removes. */
    private claim(
        name: string,
        spec: pulumi.Output<ServerSpec>,
        stdin: pulumi.Output<string>,
        connection: pulumi.Output<ReturnType<typeof connectionTo>>,
        dependsOn: pulumi.ComponentResourceOptions["dependsOn"] = [],
    ): remote.Command {
        const remove = ({ user, discardBackups }: ServerSpec) =>
            asRootWhereFolder(user, serverFolder, "bin/server", "remove", discardBackups ? "discard" : "keep");
        return new remote.Command(
            `${name}-claim`,
            {
                connection,
                create: firstContactCommand("create"),
                update: firstContactCommand("update"),
                delete: spec.apply(remove),
                stdin,
                logging: "stderr",
                addPreviousOutputInEnv: false,
            },
            { parent: this, dependsOn, customTimeouts: { delete: "1h" } },
        );
    }
}

/** A preview does not wait for an answer that is not needed. */
function meanings({ images, resolved }: ServerSpec, answered: remote.Command): pulumi.Output<PinnedImages> {
    const pinned = pinnedImages(images, resolved);
    if (openReferences(images, resolved).length === 0) return pulumi.output(pinned);
    return answered.stdout.apply((stdout) => withAnswers(images, pinned, stdout));
}

function imagesFiles({ images, resolved, engine, registryCa }: ServerSpec): PayloadFile[] {
    const open = openReferences(images, resolved).map((reference) => `${reference}\n`);
    return [
        { path: "engine", content: engine },
        { path: "registry-ca.pem", content: registryCa },
        { path: "images", content: open.join("") },
    ];
}

/** Known before anything else is: with no names there is nothing to look up. */
function hasNames(hostnames: pulumi.Input<readonly string[]>): boolean {
    return !Array.isArray(hostnames) || hostnames.length > 0;
}

function namesToLookUp([spec, hostnames]: [ServerSpec, readonly string[]]): NamesFromHere {
    const { host, port, user, hostKey, addresses = [], tls } = spec;
    return { hostnames, host, port, user, hostKey, addresses, issuer: issuerOf(tls) };
}

function renderClaim({ id, engine, platform }: ServerSpec, names: NamesRequest): string {
    const files = [
        ...doorFiles("server"),
        { path: "id", content: id },
        { path: "engine", content: engine },
        { path: "platform", content: platform },
        ...namesFile(names),
    ];
    return renderFirstContact({ script: "bin/claim.sh", files });
}
