import * as pulumi from "@pulumi/pulumi";
import { containerHashes } from "../../app/containerHashes.ts";
import { dashboardPasswordOf, dashboardUserOf } from "../../app/dashboardLogin.ts";
import { fingerprints } from "../../app/fingerprints.ts";
import { generateSecrets } from "../../app/generatedSecrets.ts";
import { readLaunchAnswer } from "../../app/launchAnswer.ts";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";
import type { BackupRepository, ExperimentSecrets } from "../../configuration/experiment/backupRepository.ts";
import type { ScheduledBackups } from "../../configuration/experiment/scheduledBackups.ts";
import type { BuildRequest } from "../../image/build/dockerBuild.ts";
import type { RegistryLogin } from "../../image/registryLogin.ts";
import { allowedTimes } from "./allowedTimes.ts";
import { AppCommands } from "./appCommands.ts";
import { deliverImage } from "./appDelivery.ts";
import { appNames } from "./appNames.ts";
import { askFromHere } from "./appReach.ts";
import { type AppArgs, type AppSpec, composeOf, connectionsOf, hostnameOf, resolveApp } from "./appSpec.ts";
import type { NamesFromHere } from "./hostNames/namesEnvironment.ts";
import { issuerOfOutput } from "./hostNames/namesRequest.ts";
import { lookUpFromHere } from "./namesFromHere.ts";

type Inputs<T> = { [K in keyof T]: pulumi.Input<Exclude<T[K], undefined>> };

/** Arguments of {@link ExperimentApp}: an app's description, its image and its secrets. */
export interface ExperimentAppArgs
    extends Inputs<Omit<AppArgs, "builtByServer" | "hostnames" | "settings" | "backups" | "repository">> {
    /** Public host names. The first is the one that the experiment makes its links with. */
    hostnames: pulumi.Input<pulumi.Input<string>[]>;
    /** Settings as Dallinger reads them from its environment, by its names. */
    settings: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** When the app is saved while it works; left out, only when somebody says so. */
    backups?: ScheduledBackups;
    /** Where backups go beside the server; left out, they stay on it. */
    repository?: BackupRepository;
    /** What opens the repository. */
    repositorySecrets?: pulumi.Input<ExperimentSecrets>;
    /** Image to run, pinned by digest (`repository@sha256:…`), or by id where the server has it. Left out with `delivery`. */
    image?: pulumi.Input<string>;
    /** Commit that the image was built from, for the release's record. */
    commit?: pulumi.Input<string>;
    /** What to build and to bring to the server without a registry, as {@link ExperimentImage.request} says it. */
    delivery?: BuildRequest;
    /**
     * Whether each host name is looked up from the machine of who deploys before anything is changed, and asked for a page before the
     * launch. Defaults to true; false where that machine is not let through, or knows other names than participants do.
     */
    checkFromHere?: boolean;
    /** Whether the {@link Server} has the host names, and so has seen to it that they lead there. Defaults to false: the app does. */
    hostnamesAreServers?: boolean;
    /** Settings that are secret, by Dallinger's names. */
    secretSettings?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Random key of the fingerprints by which a preview shows that a secret has changed, and not what it is. */
    fingerprintKey: pulumi.Input<string>;
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
        const { privateKey, registryLogin, server, lookup, delivery, checkFromHere, hostnamesAreServers, ...others } =
            args;
        const { secretSettings = {}, fingerprintKey, repositorySecrets = {}, ...shown } = others;
        const { image, commit, ...known } = shown;
        const builtByServer = delivery?.delivery === "server";
        const spec = pulumi
            .output({ ...known, server, ...(lookup !== undefined && { lookup }), builtByServer })
            .apply(resolveApp);
        const prints = pulumi.unsecret(
            pulumi.all([secretSettings, fingerprintKey]).apply(([secrets, key]) => fingerprints(secrets, key)),
        );
        const containers = pulumi
            .all([spec, prints])
            .apply(([app, fingerprints]) => describeContainers(app, fingerprints));
        // Those of Redis and pgbouncer are the server's to say: each that changes here is made anew.
        const serviceImages = spec.apply((app) => ({ ...app.server.pinned }));
        super(
            "dallinger:index:ExperimentApp",
            name,
            { ...shown, containers, fingerprints: prints, serviceImages },
            opts,
        );

        const generated = generateSecrets(name, this);
        const secrets = pulumi.secret(secretSettings);
        const times = allowedTimes(args);
        const asks = checkFromHere ?? APP_DEFAULTS.checkFromHere;
        const names = hostnamesAreServers ? undefined : spec.apply(namesToLookUp);
        const seen = asks && names ? lookUpFromHere(`${name}-names`, this, names, privateKey) : undefined;
        const commands = new AppCommands(name, this, { spec, secrets, generated, registryLogin, privateKey, times });
        // What the component waits for, its first contact with the server waits for: an image that fails changes nothing there.
        const claim = commands.claim(
            opts?.dependsOn,
            pulumi.all([names, seen?.id]).apply(([request]) => request),
        );
        const brought =
            delivery === undefined
                ? { image: pulumi.output({ reference: image ?? "", commit: commit ?? "" }), ready: claim }
                : deliverImage(`${name}-image`, this, { spec, request: delivery, privateKey, after: claim });
        // A backup that the app begins with may come from the repository, and its last one goes there.
        const { backups, repository } = args;
        const scheduled = backups !== undefined || repository !== undefined;
        const database = commands.database(
            scheduled ? commands.schedule(brought.ready, repositorySecrets) : brought.ready,
        );
        const release = commands.release(database, brought.image);
        const site = commands.site(release);
        const launch = commands.launch(asks ? askFromHere(`${name}-reach`, this, spec, site) : site);

        this.image = brought.image.apply(({ reference }) => reference);
        this.url = pulumi.all([spec, site.id]).apply(([app]) => `https://${hostnameOf(app)}`);
        this.release = release.stdout.apply((stdout) => stdout.trim());
        this.recruitment = launch.stdout.apply(readLaunchAnswer);
        this.dashboardUser = pulumi.unsecret(
            pulumi.all([spec, secrets]).apply(([app, secret]) => dashboardUserOf(app.settings, secret)),
        );
        this.dashboardPassword = pulumi.secret(
            pulumi.all([secrets, generated]).apply(([secret, made]) => dashboardPasswordOf(secret, made)),
        );
        this.logs = spec.apply(logsCommand);
        const { url, recruitment, dashboardUser: user, dashboardPassword, logs } = this;
        this.registerOutputs({
            ...{ url, release: this.release, recruitment },
            ...{ dashboardUser: user, dashboardPassword, logs },
        });
    }
}

function namesToLookUp({ hostnames, server }: AppSpec): NamesFromHere {
    const { host, port, user, hostKey, addresses = [] } = server;
    return { hostnames, host, port, user, hostKey, addresses, issuer: issuerOfOutput(server) };
}

function describeContainers(spec: AppSpec, fingerprints: Readonly<Record<string, string>>): Record<string, string> {
    const { app, settings, plannedImage } = spec;
    const [hostname, connections] = [hostnameOf(spec), connectionsOf(spec)];
    const compose = { ...composeOf(spec, plannedImage), labels: {} };
    return containerHashes({ app, hostname, settings, connections, compose, fingerprints });
}

function logsCommand({ app, server: { user, host, port } }: AppSpec): string {
    const sudo = user === "root" ? "" : "sudo ";
    const at = port === 22 ? `${user}@${host}` : `-p ${port} ${user}@${host}`;
    return `ssh ${at} ${sudo}docker compose -p ${appNames(app).project} logs -f`;
}
