import { join } from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type LocalContainer, localContainer } from "./localContainers.ts";
import { LOCAL_FILES } from "./localFolder.ts";
import { containerName } from "./localNames.ts";
import { localServices } from "./localServices.ts";
import type { LocalSpec } from "./localSpec.ts";
import type { TakenOver } from "./takenOver.ts";

/** Which container of an experiment on this machine. */
interface ContainerOf {
    readonly spec: pulumi.Output<LocalSpec>;
    /** Fingerprints of the secret settings that it has. Defaults to none. */
    readonly fingerprints?: pulumi.Input<Readonly<Record<string, string>>>;
    readonly takenOver: pulumi.Output<TakenOver>;
    readonly service: string;
    /** Counts those of one service, from 1 on. */
    readonly number: number;
}

/** What the resource of a container is given, but for its image. */
export function containerArguments({ spec, fingerprints = {}, takenOver, service, number }: ContainerOf) {
    const container = pulumi
        .all([spec, fingerprints, takenOver])
        .apply(([known, prints, taken]) => containerOf(known, prints, taken, service, number));
    return lifted(container);
}

function containerOf(
    spec: LocalSpec,
    fingerprints: Readonly<Record<string, string>>,
    takenOver: TakenOver,
    service: string,
    number: number,
): LocalContainer {
    const folder = join(spec.projectFolder, spec.names.folder);
    const definition = localServices(spec)[service];
    if (definition === undefined) throw new Error(`an app has no service ${service}`);
    const prints = Object.entries(fingerprints).map(
        ([secret, print]) => [`dallinger.secret.${secret}`, print] as const,
    );
    const taken = takenOver[containerName(spec.names, service, number)];
    const labels = {
        ...definition.labels,
        ...Object.fromEntries(prints),
        ...(taken !== undefined && { "dallinger.taken-over-from": taken }),
    };
    return localContainer(
        { ...definition, labels },
        { service, number, names: spec.names, folder, composeFile: join(folder, LOCAL_FILES.compose) },
    );
}

/** Each argument as an output of its own: those that are known are shown in a preview, whatever is not known of others. */
function lifted(container: pulumi.Output<LocalContainer>): Omit<docker.ContainerArgs, "image"> {
    const own = <K extends keyof LocalContainer>(key: K) => container.apply((args) => args[key]);
    return {
        ...{
            name: own("name"),
            entrypoints: own("entrypoints"),
            command: own("command"),
            user: own("user"),
            restart: own("restart"),
            init: own("init"),
        },
        ...{
            envs: own("envs"),
            memory: own("memory"),
            cpus: own("cpus"),
            labels: own("labels"),
            volumes: own("volumes"),
        },
        ...{ cpuShares: own("cpuShares"), shmSize: own("shmSize") },
        ...{ ports: own("ports"), healthcheck: own("healthcheck"), networksAdvanced: own("networksAdvanced") },
        ...{ logDriver: own("logDriver"), logOpts: own("logOpts") },
        ...{ stopTimeout: own("stopTimeout"), destroyGraceSeconds: own("destroyGraceSeconds") },
    };
}
