import { resolve } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { AppLimits } from "../../app/appCompose.ts";
import type { GeneratedSecrets } from "../../app/appEnvironment.ts";
import { containerHash } from "../../app/containerHash.ts";
import { dashboardPasswordOf, dashboardUserOf } from "../../app/dashboardLogin.ts";
import { fingerprints } from "../../app/fingerprints.ts";
import { generateSecrets } from "../../app/generatedSecrets.ts";
import { readLaunchAnswer } from "../../app/launchAnswer.ts";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";
import { type LocalConfiguration, readLocal } from "../../configuration/experiment/localExperiment.ts";
import { programCommand } from "../../local/programCommand.ts";
import { forReader } from "../../local/readersCommands.ts";
import { LOCAL_FILES } from "./localFolder.ts";
import { localNames } from "./localNames.ts";
import { LOCAL_PROGRAMS } from "./localRequest.ts";
import { LocalResources } from "./localResources.ts";
import { isProcess, LOCAL_HOST, localServices } from "./localServices.ts";
import type { LocalSpec } from "./localSpec.ts";
import { lookForObstacles } from "./occupied.ts";
import { readWatchedSources, type WatchedFolders } from "./watchedSources.ts";

/** Arguments of {@link LocalApp}. Those that are plain decide which resources there are. */
export interface LocalAppArgs {
    /** Name of the app, a DNS label. */
    app: string;
    /** Address of the Docker engine, as `unix:///var/run/docker.sock`. */
    engine: string;
    /** Whether the engine runs as who deploys, without root. Defaults to false. */
    rootless?: boolean;
    /** Image to run: an id that the engine has, or `repository@sha256:…`, which it pulls. */
    image: pulumi.Input<string>;
    /**
     * Id of an image of the same content that the engine has already: an experiment that is new begins by it, beside what makes sure of
     * `image`. Defaults to none, as an empty text does.
     */
    loaded?: pulumi.Input<string>;
    /** Repository whose images were built for it by the engine, and go with it. Defaults to none. */
    repository?: string;
    /** Hash of what the image is made from, known before it is built: what a preview compares. */
    contentHash: pulumi.Input<string>;
    /** Settings as Dallinger reads them from its environment, by its names. */
    settings: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Settings that are secret, by Dallinger's names. */
    secretSettings?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Random key of the fingerprints by which a preview shows that a secret has changed, and not what it is. */
    fingerprintKey: pulumi.Input<string>;
    /** Number of worker containers. Defaults to 1. */
    workers?: number;
    /** Whether Dallinger's clock runs. Defaults to false. */
    clock?: boolean;
    /** What each container may use. Defaults to no limit. */
    limits?: AppLimits;
    /** Ports, images of the services, and what becomes of the data. */
    local?: LocalConfiguration;
    /**
     * Folders whose edits its processes see while they run: what {@link ExperimentImage} has built the image from, with delivery local.
     * Defaults to none.
     */
    watch?: WatchedFolders;
}

/**
 * An experiment on the machine of who works on it, as containers of its own Docker engine: PostgreSQL, Redis, web, workers and clock.
 * It is launched once; its data is saved before it is taken away. Nothing but this machine reaches it.
 */
export class LocalApp extends pulumi.ComponentResource {
    /** Address that participants visit, on this machine. Known once it answers. */
    readonly url: pulumi.Output<string>;
    /** What runs, by the engine's id of it or by digest. */
    readonly image: pulumi.Output<string>;
    /** A command that shows the logs. */
    readonly logs: pulumi.Output<string>;
    /** What Dallinger answered to the launch. */
    readonly recruitment: pulumi.Output<string>;
    /** The compose file by which `docker compose` finds the containers, relative to the project's folder. */
    readonly composeFile: pulumi.Output<string>;
    /** Who logs in to the dashboard. */
    readonly dashboardUser: pulumi.Output<string>;
    /** The dashboard's password; secret. */
    readonly dashboardPassword: pulumi.Output<string>;

    constructor(name: string, args: LocalAppArgs, opts?: pulumi.ComponentResourceOptions) {
        const {
            engine,
            rootless,
            image,
            loaded = "",
            secretSettings = {},
            fingerprintKey,
            local = readLocal(),
            repository = "",
            watch,
            ...shown
        } = args;
        const prints = pulumi.unsecret(
            pulumi.all([secretSettings, fingerprintKey]).apply(([secrets, key]) => fingerprints(secrets, key)),
        );
        const containers = pulumi.all([pulumi.output(planned(args, local)), prints]).apply(describeContainers);
        // What the component waits for, such as its image, only what changes something waits for.
        const { dependsOn = [], ...options } = opts ?? {};
        super("dallinger:index:LocalApp", name, { ...shown, containers, fingerprints: prints }, options);

        const project = projectOf(name, this, args.app);
        const generated = generateSecrets(name, this);
        const secrets = pulumi.output({ settings: pulumi.secret(secretSettings), generated });
        const portless: pulumi.Output<LocalSpec> = pulumi
            .output({ ...planned(args, local), ...placed(args, project, generated) })
            .apply(async (known) => await unobstructed(engine, known));
        const spec = local.port === undefined ? withFreePort(name, this, engine, portless) : portless;
        const { names } = portless;
        const watched = watch && readWatchedSources(process.cwd(), watch);
        const parts = {
            ...{ names, spec, secrets, image, loaded, repository, local, engine, watched, dependsOn },
            fingerprints: prints,
        };
        const resources = new LocalResources(name, this, parts);
        const launch = resources.deploy(args);

        this.composeFile = spec.apply(({ names }) => `${names.folder}/${LOCAL_FILES.compose}`);
        this.url = pulumi.all([spec, launch.id]).apply(([{ ports }]) => `http://${LOCAL_HOST}:${ports.web}`);
        this.image = pulumi.output(image);
        this.logs = this.composeFile.apply((file) => `docker compose -f ${file} logs -f`);
        this.recruitment = launch.stdout.apply(readLaunchAnswer);
        this.dashboardUser = pulumi.unsecret(
            pulumi.all([args.settings, secrets]).apply(([plain, secret]) => dashboardUserOf(plain, secret.settings)),
        );
        this.dashboardPassword = pulumi.secret(
            secrets.apply((secret) => dashboardPasswordOf(secret.settings, secret.generated)),
        );
        const { url, recruitment, composeFile, logs } = this;
        const login = { dashboardUser: this.dashboardUser, dashboardPassword: this.dashboardPassword };
        this.registerOutputs({ url, recruitment, composeFile, logs, ...login });
    }
}

/** The app as a preview knows it: without its image, and without what this machine gives it. */
function planned(args: LocalAppArgs, { images, ...ports }: LocalConfiguration) {
    const { app, contentHash, settings, secretSettings = {}, limits = {} } = args;
    const { workers = APP_DEFAULTS.workers, clock = APP_DEFAULTS.clock } = args;
    return {
        ...{ app, contentHash, images, settings, workers, clock, limits },
        ...{ image: "", names: localNames(app), projectFolder: "", id: "", user: "", rootless: false },
        ports: { ...servicePorts(ports), web: ports.port ?? 0 },
        ...(args.watch !== undefined && { watched: args.watch }),
        secretNames: pulumi.unsecret(pulumi.output(secretSettings).apply((secrets) => Object.keys(secrets).toSorted())),
    };
}

/** A spec in whose way nothing is. Asked before anything is made of it, in a preview as well. */
async function unobstructed(engine: string, spec: LocalSpec): Promise<LocalSpec> {
    const obstacles = await lookForObstacles(engine, spec);
    if (obstacles.length === 0) return spec;
    throw new pulumi.RunError(forReader(`the experiment cannot run on this machine: ${obstacles.join("; ")}`));
}

/** Its compose project. What takes longest to make waits for nothing else. */
function projectOf(name: string, parent: pulumi.Resource, app: string): pulumi.Output<string> {
    const { hex } = new random.RandomId(
        `${name}-project`,
        { prefix: `${app}-`, byteLength: 3 },
        // By another project's name the data would be another one's, and this one's removed unsaved.
        { parent, ignoreChanges: ["prefix"] },
    );
    return hex;
}

/** What this machine gives it: names that no other checkout has, and whose files it writes. */
function placed(
    { watch, rootless = false }: LocalAppArgs,
    project: pulumi.Output<string>,
    generated: pulumi.Output<GeneratedSecrets>,
) {
    return {
        names: project.apply(localNames),
        projectFolder: process.cwd(),
        ...(watch !== undefined && { watched: absolute(watch) }),
        id: pulumi.unsecret(generated.apply(({ id }) => id)),
        ...{ user: ownUser(rootless), rootless },
    };
}

function absolute({ experiment, dallinger }: WatchedFolders): WatchedFolders {
    return { experiment: resolve(experiment), ...(dallinger !== undefined && { dallinger: resolve(dallinger) }) };
}

function servicePorts({ databasePort, redisPort }: Pick<LocalConfiguration, "databasePort" | "redisPort">) {
    return {
        ...(databasePort !== undefined && { postgres: databasePort }),
        ...(redisPort !== undefined && { redis: redisPort }),
    };
}

/** Service -> hash of what its containers are made from: exactly those whose hash changes are replaced. */
function describeContainers([spec, prints]: readonly [LocalSpec, Readonly<Record<string, string>>]) {
    const services = Object.entries(localServices(spec)).map(([name, { scale, ...service }]) => {
        const number = scale === undefined ? "" : ` x${scale}`;
        const own = isProcess(name) ? prints : {};
        return [name, containerHash({ service, prints: own }) + number] as const;
    });
    return Object.fromEntries(services);
}

/** With the first port of this machine that is free when the experiment is made; it keeps it, and may find it taken later. */
function withFreePort(
    name: string,
    parent: pulumi.Resource,
    engine: string,
    spec: pulumi.Output<LocalSpec>,
): pulumi.Output<LocalSpec> {
    const { stdout } = new local.Command(`${name}-port`, programCommand(LOCAL_PROGRAMS.port), { parent });
    return pulumi.all([spec, stdout]).apply(async ([known, port]) => {
        return await unobstructed(engine, { ...known, ports: { ...known.ports, web: Number(port) } });
    });
}

/**
 * On Linux, files that a container writes are those of its user, and it reads only what that user may; elsewhere Docker sees to it.
 * An engine without root runs as who deploys: they are root in its containers, and each other user there is a stranger to their files.
 */
function ownUser(rootless: boolean): string {
    if (process.platform !== "linux") return "";
    return rootless ? "0:0" : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}
