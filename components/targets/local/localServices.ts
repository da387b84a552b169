import { join } from "node:path";
import { appServices, type ComposeService } from "../../app/appCompose.ts";
import { type AppEnvironmentSpec, processEnvironment, secretVariables } from "../../app/appEnvironment.ts";
import type { AppPlace } from "../../app/appPlace.ts";
import { logging, renderComposeFile } from "../../app/composeFile.ts";
import { LOCAL_FILES, START, STARTED_FROM } from "./localFolder.ts";
import { BROWSER, LOCAL_DATABASE, type LocalNames } from "./localNames.ts";
import type { LocalSecrets, LocalSpec } from "./localSpec.ts";
import { MOUNTED } from "./watchedSources.ts";

/** Only programs of this machine reach what is published. */
const LOOPBACK = "127.0.0.1";

/** Host name by which the experiment makes its links. */
export const LOCAL_HOST = "localhost";

/** Where the experiment's own containers reach its web. */
const BESIDE = { hostname: "web", port: 5000 };

/** By which address participants visit it: bots from beside it, people from this machine. */
export function addressOf({ images, ports }: Pick<LocalSpec, "images" | "ports">): { hostname: string; port: number } {
    return images.browser === undefined ? { hostname: LOCAL_HOST, port: ports.web } : BESIDE;
}

/** Where Selenium finds a driver (its variable SE_CHROMEDRIVER), and that the browser which it drives. */
const BOTS_ENVIRONMENT = { SE_CHROMEDRIVER: "/tmp/dallinger-bin/chromedriver", BOTS_BROWSER: "browser:4444" };

/** Nobody waits for the clock, which looks after participants each half minute; for the web, who has edited something does. */
const CLOCK_SHARES = 128;

/** The services that hold data. */
export const STORES = ["redis", "postgres"] as const;

/** A service that holds data. */
export type Store = (typeof STORES)[number];

/** Whether a service is one of them. */
function isStore(service: string): service is Store {
    return STORES.some((store) => store === service);
}

/** The image of that browser; nothing where there is no bot, or none that needs one. */
export function browserOf({ browser }: LocalSpec["images"]): string | undefined {
    return browser === "none" ? undefined : browser;
}

/** Whether a service runs the experiment. */
export function isProcess(service: string): boolean {
    return !isStore(service) && service !== BROWSER;
}

/** The services of an experiment on this machine, each with its environment. Secrets are in files, of which only the path is here. */
export function localServices(spec: LocalSpec): Record<string, ComposeService> {
    const { image, contentHash, workers, clock, limits, images } = spec;
    const place = placeOf(spec);
    const services = appServices({
        ...{ place, image, workers, clock, limits, release: contentHash },
        images: { redis: images.redis, database: images.postgres },
        labels: { "dallinger.app": spec.app },
    });
    const { redis, postgres, ...processes } = services;
    const browser = browserOf(images);
    const all = {
        ...(browser !== undefined && { [BROWSER]: browserService(browser, spec) }),
        ...(redis && { redis: published(redis, spec.ports.redis, 6379) }),
        ...(postgres && { postgres: published(ownPostgres(postgres, spec), spec.ports.postgres, 5432) }),
        ...Object.fromEntries(
            Object.entries(processes).map(([name, process]) => [name, ownProcess(name, process, spec)]),
        ),
    };
    return Object.fromEntries(Object.entries(all).map(([name, service]) => [name, seldomAsked(service)]));
}

/** Programs of ours ask for health themselves while an experiment starts: each question starts a process, for which that would wait. */
function seldomAsked(service: ComposeService): ComposeService {
    const { healthcheck } = service;
    return { ...service, ...(healthcheck !== undefined && { healthcheck: { ...healthcheck, start_interval: "5s" } }) };
}

/** Renders the compose file by which people work with the containers: it says what they are, and makes none of its own accord. */
export function renderLocalCompose({ names }: LocalSpec, services: Readonly<Record<string, ComposeService>>): string {
    return renderComposeFile({
        name: names.project,
        services,
        networks: { app: { name: names.project, external: true } },
        volumes: {
            redis: { name: names.redis, external: true },
            postgres: { name: names.postgres, external: true },
        },
    });
}

/** The secret variables of the experiment's processes, as {@link LOCAL_FILES.start} reads them. */
export function renderLocalSecrets(spec: LocalSpec, secrets: LocalSecrets): string {
    const environment = environmentSpec(spec, secrets);
    const secret = secretVariables(environment);
    const entries = Object.entries(processEnvironment(environment)).filter(([name]) => secret.includes(name));
    return `${JSON.stringify(Object.fromEntries(entries), undefined, 4)}\n`;
}

/** The browser by which bots take part, and its driver. */
function browserService(image: string, { app }: LocalSpec): ComposeService {
    return {
        ...{ image, restart: "unless-stopped", init: true, logging, shm_size: "1g" },
        labels: { "dallinger.app": app },
        networks: { app: { aliases: [BROWSER] } },
    };
}

function ownPostgres(postgres: ComposeService, spec: LocalSpec): ComposeService {
    const password = "/run/secrets/database-password";
    return {
        ...postgres,
        // The image reads a file as a user who may not read ours: root reads it first.
        entrypoint: ["sh", "-c", 'POSTGRES_PASSWORD=$(cat "$0") exec docker-entrypoint.sh postgres', password],
        environment: { POSTGRES_USER: LOCAL_DATABASE, POSTGRES_DB: LOCAL_DATABASE },
        volumes: [...(postgres.volumes ?? []), `${pathOf(spec, LOCAL_FILES.databasePassword)}:${password}:ro`],
    };
}

function ownProcess(name: string, process: ComposeService, spec: LocalSpec): ComposeService {
    const environment = environmentSpec(spec, withoutValues(spec));
    const secret = secretVariables(environment);
    const plain = Object.entries(processEnvironment(environment)).filter(([variable]) => !secret.includes(variable));
    const own = {
        ...process,
        ...(spec.user !== "" && { user: spec.user }),
        ...(name === "clock" && !spec.rootless && { cpu_shares: CLOCK_SHARES }),
        command: [...START, ...(spec.watched === undefined ? [] : ["--watch"]), ...[process.command ?? []].flat()],
        environment: {
            ...Object.fromEntries(plain.toSorted(([a], [b]) => (a < b ? -1 : 1))),
            ...(spec.watched?.dallinger !== undefined && { PYTHONPATH: MOUNTED.packages }),
            ...(browserOf(spec.images) !== undefined && BOTS_ENVIRONMENT),
        },
        volumes: [
            ...(process.volumes ?? []),
            `${pathOf(spec, LOCAL_FILES.start)}:${STARTED_FROM}/start:ro`,
            `${pathOf(spec, LOCAL_FILES.secrets)}:${STARTED_FROM}/secrets.json:ro`,
            ...watchedVolumes(spec),
            `${pathOf(spec, LOCAL_FILES.log)}:/experiment/logs.jsonl`,
        ],
    };
    return name === "web" ? published(own, spec.ports.web, 5000) : own;
}

/** A folder is mounted, and not its files: an editor puts new ones in their place. */
function watchedVolumes({ watched }: LocalSpec): string[] {
    if (watched === undefined) return [];
    const { experiment, dallinger } = watched;
    return [
        `${experiment}:${MOUNTED.experiment}:ro`,
        ...(dallinger === undefined ? [] : [`${dallinger}:${MOUNTED.dallinger}:ro`]),
    ];
}

function published(service: ComposeService, port: number | undefined, inside: number): ComposeService {
    return port === undefined ? service : { ...service, ports: [`${LOOPBACK}:${port}:${inside}`] };
}

/** What stands for secrets where only their names matter. */
function withoutValues({ id, secretNames }: LocalSpec): LocalSecrets {
    return {
        settings: Object.fromEntries(secretNames.map((name) => [name, ""])),
        generated: { id, databasePassword: "", flaskSecretKey: "", dashboardPassword: "" },
    };
}

function environmentSpec(spec: LocalSpec, { settings: secretSettings, generated }: LocalSecrets): AppEnvironmentSpec {
    const { app, settings } = spec;
    return {
        ...{ app, settings, secretSettings, generated, ...addressOf(spec) },
        place: placeOf(spec),
        connections: 0,
        services: {},
    };
}

function placeOf(spec: Pick<LocalSpec, "names" | "projectFolder" | "app">): AppPlace {
    const { project } = spec.names;
    return {
        project,
        hosts: { web: "web", redis: "redis" },
        database: { host: "postgres", name: LOCAL_DATABASE },
        files: pathOf(spec, LOCAL_FILES.files),
    };
}

function pathOf({ names, projectFolder }: { names: LocalNames; projectFolder: string }, file: string): string {
    return join(projectFolder, names.folder, file);
}
