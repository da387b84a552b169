import type { ComposeService, Healthcheck } from "../../app/appCompose.ts";
import { containerName, type LocalNames } from "./localNames.ts";

/** What Docker is asked for, as the resource `docker.Container` says it; without the image. */
export type LocalContainer = ReturnType<typeof localContainer>;

/** Where compose finds what it has to know of the containers. */
export interface ComposeLabels {
    /** Absolute path of the compose file. */
    readonly composeFile: string;
    /** The folder that it is in. */
    readonly folder: string;
}

/** Which container of which service. */
export interface ContainerPlace extends ComposeLabels {
    readonly names: LocalNames;
    readonly service: string;
    /** Counts those of one service, from 1 on. */
    readonly number: number;
}

/** A container of a service. */
export function localContainer(service: ComposeService, place: ContainerPlace) {
    const { names, service: name, number } = place;
    const { entrypoint, command, user, restart, init, logging, mem_limit, cpus, cpu_shares, shm_size } = service;
    const { stop_grace_period, healthcheck } = service;
    const grace = seconds(stop_grace_period ?? "10s");
    return {
        name: containerName(names, name, number),
        ...{ restart, init, logDriver: logging.driver, logOpts: logging.options },
        ...(entrypoint !== undefined && { entrypoints: [...entrypoint] }),
        ...(command !== undefined && { command: [command].flat() }),
        ...(user !== undefined && { user }),
        ...(service.environment !== undefined && { envs: environmentLines(service.environment) }),
        ...(mem_limit !== undefined && { memory: mebibytes(mem_limit) }),
        ...(cpus !== undefined && { cpus: String(cpus) }),
        ...(cpu_shares !== undefined && { cpuShares: cpu_shares }),
        ...(shm_size !== undefined && { shmSize: mebibytes(shm_size) }),
        ...{ stopTimeout: grace, destroyGraceSeconds: grace },
        ...(healthcheck !== undefined && { healthcheck: healthcheckArgs(healthcheck) }),
        volumes: (service.volumes ?? []).map((volume) => volumeArgs(volume, names)),
        ports: (service.ports ?? []).map(portArgs),
        networksAdvanced: Object.values(service.networks).map(({ aliases = [] }) => ({
            name: names.project,
            aliases: [...new Set([name, ...aliases])],
        })),
        labels: Object.entries({ ...service.labels, ...composeLabels(place) })
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([label, value]) => ({ label, value })),
    };
}

/** By these compose finds the containers that its file speaks of (docker/compose, pkg/api/labels.go). */
function composeLabels({ names, service, number, composeFile, folder }: ContainerPlace) {
    const own = {
        ...{ project: names.project, service, oneoff: "False", "container-number": String(number) },
        ...{ "project.config_files": composeFile, "project.working_dir": folder },
        // Without one compose does not see them. It says that they are not of compose's making.
        "config-hash": "pulumi",
    };
    return Object.fromEntries(Object.entries(own).map(([label, value]) => [`com.docker.compose.${label}`, value]));
}

function environmentLines(environment: Readonly<Record<string, string>>): string[] {
    return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}

function healthcheckArgs({ test, interval, timeout, retries, start_period, start_interval }: Healthcheck) {
    return {
        ...{ tests: [...test], timeout, retries },
        // As Docker writes them down: what differs would be a change in each preview.
        ...{ interval: goDuration(interval), startPeriod: goDuration(start_period) },
        startInterval: start_interval,
    };
}

function volumeArgs(volume: string, names: LocalNames) {
    const [source = "", containerPath = "", mode] = volume.split(":");
    const from = source === "postgres" ? { volumeName: names.postgres } : { volumeName: names.redis };
    return {
        ...(source.startsWith("/") ? { hostPath: source } : from),
        containerPath,
        ...(mode === "ro" && { readOnly: true }),
    };
}

function portArgs(port: string) {
    const [ip = "", external, internal] = port.split(":");
    return { ip, external: Number(external), internal: Number(internal) };
}

function seconds(duration: string): number {
    return Number(duration.replace(/s$/, ""));
}

/** `60s` is `1m0s`. */
function goDuration(duration: string): string {
    const total = seconds(duration);
    return total < 60 ? duration : `${Math.floor(total / 60)}m${total % 60}s`;
}

/** Docker's notation, in the provider's unit. */
function mebibytes(size: string): number {
    const power = ["k", "m", "g"].indexOf(size.slice(-1).toLowerCase());
    return Math.ceil((Number.parseFloat(size) * 1024 ** (power + 1)) / 1024 ** 2);
}
