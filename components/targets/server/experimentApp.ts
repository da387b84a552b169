import * as pulumi from "@pulumi/pulumi";
import type { AppLimits } from "../../app/appCompose.ts";
import type { GeneratedSecrets } from "../../app/appEnvironment.ts";
import { containerHashes } from "../../app/containerHashes.ts";
import { fingerprints } from "../../app/fingerprints.ts";
import { generateSecrets } from "../../app/generatedSecrets.ts";
import { readLaunchAnswer } from "../../app/launchAnswer.ts";
import type { ServerOutput } from "../../configuration/server/serverOutput.ts";
import type { BuildRequest } from "../../image/build/dockerBuild.ts";
import type { RegistryLogin } from "../../image/registryLogin.ts";
import { allowedTimes } from "./allowedTimes.ts";
import { AppCommands } from "./appCommands.ts";
import { deliverImage } from "./appDelivery.ts";
import { appNames } from "./appNames.ts";
import { askFromHere } from "./appReach.ts";
import { type AppSpec, resolveApp } from "./appSpec.ts";

/** Arguments of {@link ExperimentApp}. */
export interface ExperimentAppArgs {
    /** Name of the app on its server, a DNS label. Another name is another app. */
    app: pulumi.Input<string>;
    /** The server, as {@link Server.server} describes it. */
    server: pulumi.Input<ServerOutput>;
    /** Image to run, pinned by digest (`repository@sha256:…`), or by id where the server has it. Left out with `delivery`. */
    image?: pulumi.Input<string>;
    /** What to build and to bring to the server without a registry, as {@link ExperimentImage.request} says it. */
    delivery?: BuildRequest;
    /** Hash of what the image is made from, known before it is built: what a preview compares. */
    contentHash: pulumi.Input<string>;
    /**
     * The image as it is known before it is built: what a preview compares. Defaults to `contentHash`; where the image comes from a
     * repository it has that, too, because containers of the same image by another name are other ones.
     */
    plannedImage?: pulumi.Input<string>;
    /** Public host names. The first is the one that the experiment makes its links with. */
    hostnames: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Whether each of them is asked from the machine of who deploys before the launch. Defaults to true; false where that machine is not
     * let through, or knows other names than participants do.
     */
    checkFromHere?: boolean;
    /** Settings as Dallinger reads them from its environment, by its names. */
    settings: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Settings that are secret, likewise. */
    secretSettings?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Random key by which changed secrets are told in a preview without telling the secrets. */
    fingerprintKey: pulumi.Input<string>;
    /** Number of worker containers. Defaults to 1. */
    workers?: pulumi.Input<number>;
    /** Whether Dallinger's clock runs. Defaults to false. */
    clock?: pulumi.Input<boolean>;
    /** What the app may use of the server. */
    limits?: pulumi.Input<AppLimits>;
    /** Seconds that `destroy` gives the workers to empty their queues, and a new release the former workers for their job. Defaults to 600. */
    workersTimeout?: pulumi.Input<number>;
    /** Stack that deploys, for the release's record. */
    stack?: pulumi.Input<string>;
    /** Commit that the image was built from, for the release's record. */
    commit?: pulumi.Input<string>;
    /** What the server is to remember of a tag that was looked up, as {@link ReferencedImage.lookup} says it. */
    lookup?: pulumi.Input<string | undefined>;
    /** Anything; when it changes, database, release and site are brought to what they should be once more. */
    mended?: pulumi.Input<string>;
    /**
     * Name of a backup on the server, `20260101T120000Z` below the app's own name, that the app begins with. Where the app has run or
     * its database has a table it changes nothing. Defaults to none: an app begins with an empty database.
     */
    archive?: pulumi.Input<string>;
    /** Number of releases that stay on the server with their images. Defaults to 5. */
    keptReleases?: pulumi.Input<number>;
    /** Seconds that a new release gets to become healthy. Defaults to 180. */
    healthyWithin?: pulumi.Input<number>;
    /** MiB that have to be free on the server before an image is pulled. Defaults to 2048. */
    freeSpace?: pulumi.Input<number>;
    /** Bytes that the body of a request may have: a larger one is answered with 413. Defaults to 256 MiB. */
    requestBody?: pulumi.Input<number>;
    /** Login that the server pulls the image with. Without it the registry has to let everybody pull. */
    registryLogin?: pulumi.Input<RegistryLogin | undefined>;
    /** ssh key of the stack's own. Without it the operator's ssh agent authenticates. */
    privateKey?: pulumi.Input<string | undefined>;
}

/** One experiment on a server: its image, if it has to be brought, database, containers, site, launched once; its data saved before it is taken away. */
export class ExperimentApp extends pulumi.ComponentResource {
    /** What runs: by digest, or by the server's id of it where no registry has it. */
    readonly image: pulumi.Output<string>;
    /** Address that participants visit. Known once it answers over verified TLS. */
    readonly url: pulumi.Output<string>;
    /** Id of the release that serves, as `./ops/dallinger releases` lists it. */
    readonly release: pulumi.Output<string>;
    /** What Dallinger answered to the launch. */
    readonly recruitment: pulumi.Output<string>;
    /** Who logs in to the dashboard. */
    readonly dashboardUser: pulumi.Output<string>;
    /** The dashboard's password; secret. */
    readonly dashboardPassword: pulumi.Output<string>;
    /** A command that shows the logs. */
    readonly logs: pulumi.Output<string>;

    constructor(name: string, args: ExperimentAppArgs, opts?: pulumi.ComponentResourceOptions) {
        const { privateKey, registryLogin, server, lookup, delivery, checkFromHere = true, ...others } = args;
        const { secretSettings = {}, fingerprintKey, ...shown } = others;
        const { image: _, commit: __, ...known } = shown;
        const builtByServer = delivery?.delivery === "server";
        const plain = pulumi.output({ ...shown, server, lookup, builtByServer }).apply(resolveApp);
        // In a preview there is no image yet that is to be built: what is shown then must not wait for it.
        const planned = pulumi.output({ ...known, server }).apply(resolveApp);
        const prints = pulumi.unsecret(
            pulumi.all([secretSettings, fingerprintKey]).apply(([secrets, key]) => fingerprints(secrets, key)),
        );
        const containers = pulumi.all([planned, prints]).apply(([spec, told]) => describeContainers(spec, told));
        // Those of Redis and pgbouncer are the server's to say: each that changes here is made anew.
        const serviceImages = planned.apply(({ server: { pinned } }) => ({ ...pinned }));
        super(
            "dallinger:index:ExperimentApp",
            name,
            { ...shown, containers, fingerprints: prints, serviceImages },
            opts,
        );

        const generated = generateSecrets(name, this);
        const secrets = pulumi.secret(secretSettings);
        const times = allowedTimes(args);
        const commands = new AppCommands(name, this, { plain, secrets, generated, registryLogin, privateKey, times });
        // What the component waits for, its first contact with the server waits for: an image that fails changes nothing there.
        const claim = commands.claim(opts?.dependsOn);
        const imageArgs = { plain, request: delivery, privateKey, after: claim };
        const { complete, ready } = deliverImage(`${name}-image`, this, imageArgs);
        const database = commands.database(ready);
        const release = commands.release(database, complete);
        const site = commands.site(release);
        const reached = checkFromHere ? askFromHere(`${name}-reach`, this, plain, site) : site;
        const launch = commands.launch(reached);

        this.image = complete.apply((spec) => spec.image);
        this.url = pulumi.all([plain, site.id]).apply(([{ hostname }]) => `https://${hostname}`);
        this.release = release.stdout.apply((stdout) => stdout.trim());
        this.recruitment = launch.stdout.apply(readLaunchAnswer);
        this.dashboardUser = pulumi.unsecret(pulumi.all([plain, secrets]).apply(dashboardUser));
        this.dashboardPassword = pulumi.secret(pulumi.all([secrets, generated]).apply(dashboardPasswordOf));
        this.logs = plain.apply(logsCommand);
        const { url, recruitment, dashboardUser: user, dashboardPassword, logs } = this;
        this.registerOutputs({
            ...{ url, release: this.release, recruitment },
            ...{ dashboardUser: user, dashboardPassword, logs },
        });
    }
}

function describeContainers(spec: AppSpec, told: Readonly<Record<string, string>>): Record<string, string> {
    const { app, hostname, settings, connections, plannedImage } = spec;
    const compose = { ...spec.compose, image: plannedImage, labels: {} };
    return containerHashes({ app, hostname, settings, connections, compose, fingerprints: told });
}

function dashboardUser([{ settings }, secrets]: readonly [AppSpec, Readonly<Record<string, string>>]): string {
    return secrets.dashboard_user ?? settings.dashboard_user ?? "admin";
}

function dashboardPasswordOf([secrets, made]: readonly [Readonly<Record<string, string>>, GeneratedSecrets]): string {
    return secrets.dashboard_password ?? made.dashboardPassword;
}

function logsCommand({ app, server: { user, host, port } }: AppSpec): string {
    const sudo = user === "root" ? "" : "sudo ";
    const at = port === 22 ? `${user}@${host}` : `-p ${port} ${user}@${host}`;
    return `ssh ${at} ${sudo}docker compose -p ${appNames(app).project} logs -f`;
}
