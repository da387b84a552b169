import { existsSync } from "node:fs";
import { local } from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { APP_DEFAULTS } from "../../configuration/experiment/appDefaults.ts";
import type { LocalConfiguration } from "../../configuration/experiment/localExperiment.ts";
import { programCommand, programLine } from "../../local/programCommand.ts";
import { readTemplate } from "../../remote/templates.ts";
import { containerArguments } from "./containerArguments.ts";
import { LOCAL_FILES } from "./localFolder.ts";
import { BROWSER, type LocalNames } from "./localNames.ts";
import { LOCAL_PROGRAMS, localRequest } from "./localRequest.ts";
import {
    addressOf,
    browserOf,
    localServices,
    renderLocalCompose,
    renderLocalSecrets,
    STORES,
    type Store,
} from "./localServices.ts";
import type { LocalSecrets, LocalSpec } from "./localSpec.ts";
import { findTakenOver, type TakenOver } from "./takenOver.ts";
import type { WatchedSources } from "./watchedSources.ts";

/** What the resources of an experiment on this machine have in common. */
export interface LocalParts {
    /** Its names, known as soon as nothing is in their way; the rest of `spec` takes longer. */
    readonly names: pulumi.Output<LocalNames>;
    readonly spec: pulumi.Output<LocalSpec>;
    readonly secrets: pulumi.Output<LocalSecrets>;
    /** The experiment's image, by its id or by digest. */
    readonly image: pulumi.Input<string>;
    /** One of the same content that the engine has already, by its id; empty where there is none. */
    readonly loaded: pulumi.Input<string>;
    /** Repository whose images were built for the experiment, and go with it; empty where none was. */
    readonly repository: string;
    readonly local: LocalConfiguration;
    /** Address of the Docker engine. */
    readonly engine: string;
    /** What the processes are told of the folders whose edits they see. */
    readonly watched: WatchedSources | undefined;
    /** Fingerprints of the secret settings. */
    readonly fingerprints: pulumi.Output<Readonly<Record<string, string>>>;
    /** What all but the network waits for: the provider takes two seconds to make that. */
    readonly dependsOn: DependsOn;
}

type Resources = pulumi.Input<pulumi.Resource[]>;
type DependsOn = NonNullable<pulumi.ComponentResourceOptions["dependsOn"]>;

/** A command that starts no program: that takes a quarter of a second. */
const NOTHING = "exit 0";

/** How many processes of each kind run. */
export interface Processes {
    readonly workers?: number;
    readonly clock?: boolean;
}

/**
 * Declares the resources that an experiment on this machine is made of, each once. Containers are made one behind the other, and nobody
 * waits for health in between: processes wait for the stores themselves, and programs for what they ask something of.
 */
export class LocalResources {
    private readonly name: string;
    private readonly parent: pulumi.ComponentResource;
    private readonly parts: LocalParts;
    private readonly provider: docker.Provider;
    private readonly takenOver: pulumi.Output<TakenOver>;
    /** Whether there is, or was, something of the experiment: names may be taken then, and its network may have gone. */
    private readonly hasBegun: pulumi.Output<boolean>;
    private readonly image: pulumi.Output<string>;
    private readonly after: pulumi.Output<pulumi.Resource[]>;

    constructor(name: string, parent: pulumi.ComponentResource, parts: LocalParts) {
        this.name = name;
        this.parent = parent;
        this.parts = parts;
        // Asked while the program runs: what somebody has done to the containers, a preview has to know.
        this.takenOver = parts.names.apply(async (names) => await findTakenOver(parts.engine, names));
        const hasFolder = parts.names.apply(({ folder }) => existsSync(folder));
        this.hasBegun = pulumi
            .all([hasFolder, this.takenOver])
            .apply(([has, taken]) => has || Object.keys(taken).length > 0);
        // What has begun keeps the image that its stack knows, should somebody have built another one of the same content.
        const early = pulumi.all([this.hasBegun, parts.loaded]).apply(([has, id]) => (has ? "" : id));
        this.image = early.apply((id) => (id === "" ? pulumi.output(parts.image) : pulumi.output(id)));
        const after = pulumi.output(parts.dependsOn).apply((resources) => [resources].flat());
        this.after = early.apply((id) => (id === "" ? after : pulumi.output<pulumi.Resource[]>([])));
        this.provider = new docker.Provider(`${name}-engine`, { host: parts.engine }, { parent });
    }

    /**
     * All of the experiment, in the order in which it comes to be: what holds its data; web, workers and tables; the clock; the launch.
     * Last, and so gone first, is what saves the data.
     */
    deploy({ workers = APP_DEFAULTS.workers, clock = APP_DEFAULTS.clock }: Processes): local.Command {
        const folder = this.folder();
        const names = this.command("names", LOCAL_PROGRAMS.names, {
            stdin: this.takenOver.apply((taken) => JSON.stringify(taken)),
            isNeeded: this.takenOver.apply((taken) => Object.keys(taken).length > 0),
            // It writes into the folder, which goes again where the engine does not see it.
            dependsOn: [folder],
        });
        const network = this.network();
        const ready = this.hasBegun.apply((hasBegun) => (hasBegun ? [folder, names, network] : [folder]));
        const stores = STORES.map((service) => this.store(service, folder, ready));
        const image = browserOf(this.parts.local.images);
        const browsers = image === undefined ? [] : [this.service(BROWSER, image, folder, ready)];
        const web = this.process("web", 1, stores);
        // To begin once more, processes are stopped: they must not be on their way. Else the tables are made while they start.
        const beginsAnew = this.parts.local.fresh !== "";
        const tables = this.command("tables", LOCAL_PROGRAMS.database, { dependsOn: beginsAnew ? [web] : stores });
        const before = beginsAnew ? [tables] : stores;
        const others = [
            ...Array.from({ length: workers }, (_, index) => this.process("worker", index + 1, before)),
            ...(clock ? [this.process("clock", 1, [tables])] : []),
        ];
        const all = [...stores, ...browsers, web, ...others];
        const ids = pulumi.all(all.map(({ id }) => id)).apply((known) => JSON.stringify(known));
        this.command("containers", LOCAL_PROGRAMS.containers, { stdin: ids, dependsOn: [tables] });
        const launch = this.command("launch", LOCAL_PROGRAMS.launch, { dependsOn: [tables, web] });
        // Not the launch: where that fails there may be answers, too.
        this.end([...all, network]);
        return launch;
    }

    /** The folder with the compose file and the secrets. It goes last. */
    private folder(): local.Command {
        const { spec, secrets, watched } = this.parts;
        const stdin = pulumi.all([spec, secrets, this.image]).apply(([known, secret, reference]) =>
            JSON.stringify({
                image: reference,
                files: filesOf({ ...known, image: reference }, secret, watched),
            }),
        );
        return this.command("folder", LOCAL_PROGRAMS.folder, {
            stdin: pulumi.secret(stdin),
            words: ["write", "remove"],
            dependsOn: this.after,
        });
    }

    /**
     * The provider waits two seconds until it says that it has made one. When an experiment is made no container waits for that: the
     * program that writes the folder sees to it that there is one.
     */
    private network(): docker.Network {
        const name = this.parts.names.apply(({ project }) => project);
        return new docker.Network(
            `${this.name}-network`,
            { name, labels: this.labels("network", "app") },
            this.options(),
        );
    }

    /** A container that holds data, with its volume. */
    private store(service: Store, folder: pulumi.Resource, after: Resources) {
        const { spec, local } = this.parts;
        const name = spec.apply(({ names }) => names[service]);
        const labels = this.labels("volume", service);
        const volume = new docker.Volume(`${this.name}-${service}-data`, { name, labels }, this.options([folder]));
        return this.service(
            service,
            local.images[service],
            folder,
            pulumi.output(after).apply((all) => [...all, volume]),
        );
    }

    /** A container whose image others may use, too: that stays. */
    private service(service: string, image: string, folder: pulumi.Resource, after: Resources): docker.Container {
        const pulled = new docker.RemoteImage(
            `${this.name}-${service}-image`,
            { name: image, keepLocally: true },
            // Nothing is pulled by an engine on which the experiment cannot run.
            this.options([folder]),
        );
        const { spec } = this.parts;
        const args = containerArguments({ spec, takenOver: this.takenOver, service, number: 1 });
        return this.container(`${service}-1`, { ...args, image: pulled.imageId }, after);
    }

    /** A container that runs the experiment; `number` counts those of one service, from 1 on. */
    private process(service: string, number: number, after: Resources): docker.Container {
        const { spec, fingerprints } = this.parts;
        const args = containerArguments({ spec, fingerprints, takenOver: this.takenOver, service, number });
        return this.container(`${service}-${number}`, { ...args, image: this.image }, after);
    }

    private container(noun: string, args: docker.ContainerArgs, after: Resources): docker.Container {
        return new docker.Container(
            `${this.name}-${noun}`,
            // The provider would wait for each container's health before it makes the next one, and show nothing of its log.
            { ...args, wait: false },
            { ...this.options(after), deleteBeforeReplace: true },
        );
    }

    private command(
        noun: string,
        program: string,
        {
            dependsOn = [],
            words,
            stdin,
            isNeeded,
        }: {
            dependsOn?: DependsOn;
            words?: readonly [string, string];
            stdin?: pulumi.Output<string>;
            isNeeded?: pulumi.Output<boolean>;
        },
    ): local.Command {
        const [made, removed] = words ?? [];
        return new local.Command(
            `${this.name}-${noun}`,
            {
                ...programCommand(program, made),
                ...(isNeeded !== undefined && {
                    create: isNeeded.apply((is) => (is ? programLine(program, made) : NOTHING)),
                }),
                ...(removed !== undefined && { delete: programLine(program, removed) }),
                ...(stdin !== undefined && { stdin }),
                environment: this.request(),
            },
            { parent: this.parent, dependsOn },
        );
    }

    /** What is done when the experiment goes, before all that it depends on does. */
    private end(dependsOn: DependsOn): local.Command {
        const { create: _, ...common } = programCommand(LOCAL_PROGRAMS.end);
        return new local.Command(
            `${this.name}-end`,
            { ...common, delete: programLine(LOCAL_PROGRAMS.end, "remove"), environment: this.request() },
            { parent: this.parent, dependsOn },
        );
    }

    private request(): pulumi.Output<Record<string, string>> {
        const { engine, spec, local, repository } = this.parts;
        const { fresh, save } = local;
        return spec.apply(({ names: { project, folder }, ports, images }) => {
            const { hostname, port } = addressOf({ images, ports });
            const places = { engine, project, folder, port: ports.web, address: `${hostname}:${port}` };
            return localRequest.render({ ...places, fresh, save, repository });
        });
    }

    private labels(kind: "network" | "volume", noun: string) {
        // Another label would replace a volume, with all that is in it.
        return this.parts.names.apply(({ project }) => [
            { label: `com.docker.compose.${kind}`, value: noun },
            { label: "com.docker.compose.project", value: project },
        ]);
    }

    private options(dependsOn: Resources = []) {
        return { parent: this.parent, provider: this.provider, dependsOn };
    }
}

/** The files of the experiment's folder, by their paths there. */
function filesOf(spec: LocalSpec, secrets: LocalSecrets, watched: WatchedSources | undefined): Record<string, string> {
    return {
        [LOCAL_FILES.compose]: renderLocalCompose(spec, localServices(spec)),
        [LOCAL_FILES.secrets]: renderLocalSecrets(spec, secrets),
        [LOCAL_FILES.databasePassword]: secrets.generated.databasePassword,
        ...startFiles(watched),
    };
}

/** What processes are started by, and follow edits by. */
function startFiles(watched: WatchedSources | undefined): Record<string, string> {
    const programs = [
        "start.py",
        "stores.py",
        "tables.py",
        "supervise.py",
        "mounts.py",
        "sources.py",
        "rules.py",
        "chromedriver.py",
    ].map((name) => {
        return [`${LOCAL_FILES.start}/${name}`, readTemplate(`local/${name}`)] as const;
    });
    return {
        ...Object.fromEntries(programs),
        ...(watched !== undefined && { [`${LOCAL_FILES.start}/sources.json`]: JSON.stringify(watched) }),
    };
}
