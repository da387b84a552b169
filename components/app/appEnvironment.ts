import { type ComposeService, pgbouncerEnvironment } from "./appCompose.ts";
import type { AppPlace } from "./appPlace.ts";
import { renderComposeFile } from "./composeFile.ts";
import { hiddenTexts } from "./hiddenTexts.ts";
import { MADE_FROM_LABEL, madeFrom, renderMadeFrom } from "./madeFrom.ts";

/** What the environment of an app's processes says. */
export interface AppEnvironmentSpec {
    readonly app: string;
    readonly place: AppPlace;
    /** Public host name, by which the experiment makes its links. */
    readonly hostname: string;
    /** Port of that host. Defaults to 80, from which Caddy sends on to https. */
    readonly port?: number;
    /** Settings that Dallinger reads, by its names. */
    readonly settings: Readonly<Record<string, string>>;
    /** Settings that are secret. */
    readonly secretSettings: Readonly<Record<string, string>>;
    readonly generated: GeneratedSecrets;
    /** Connections to PostgreSQL that the app may hold. */
    readonly connections: number;
    readonly services: Readonly<Record<string, Partial<ComposeService>>>;
}

/** What is made once for an app and stays for its life. */
export interface GeneratedSecrets {
    /** Dallinger's `id`: the key under which it keeps the ids of running studies. A UUID; not secret. */
    readonly id: string;
    readonly databasePassword: string;
    readonly flaskSecretKey: string;
    readonly dashboardPassword: string;
}

/**
 * Renders the compose file that adds each service's environment to the app's: the one with the secrets, 0600 on the server.
 *
 * It carries any value unchanged, which an env file does not (quotes, `$`, line ends).
 */
export function renderEnvironment(spec: AppEnvironmentSpec): string {
    const environments = serviceEnvironments(spec);
    const services = madeFrom(spec.services, environments).map(({ service, hash }) => {
        const environment = environments[service];
        const own = environment === undefined ? {} : { environment: sorted(environment) };
        return [service, { ...own, labels: { [MADE_FROM_LABEL]: hash } }] as const;
    });
    return renderComposeFile({ services: Object.fromEntries(services) });
}

/** Renders what the containers of each service are made from, for the scripts on the server. */
export function renderServices(spec: AppEnvironmentSpec): string {
    return renderMadeFrom(madeFrom(spec.services, serviceEnvironments(spec)));
}

/** The environment of each service that has one. */
export function serviceEnvironments(
    spec: AppEnvironmentSpec,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const { redis: _, pgbouncer, postgres: __, ...processes } = spec.services;
    const process = processEnvironment(spec);
    const { name, shared } = spec.place.database;
    const { databasePassword } = spec.generated;
    const own = shared && pgbouncerEnvironment({ host: shared.host, name }, databasePassword, spec.connections);
    return {
        ...(pgbouncer !== undefined && own !== undefined && { pgbouncer: own }),
        ...Object.fromEntries(Object.keys(processes).map((service) => [service, process])),
    };
}

/** The environment of web, workers and clock. The fixed part comes last: a setting never replaces it. */
export function processEnvironment(spec: AppEnvironmentSpec): Record<string, string> {
    const { hosts, database } = spec.place;
    const { id, databasePassword, flaskSecretKey, dashboardPassword } = spec.generated;
    return {
        dashboard_user: "admin",
        dashboard_password: dashboardPassword,
        ...spec.settings,
        ...spec.secretSettings,
        DATABASE_URL: `postgresql://${database.name}:${databasePassword}@${database.host}/${database.name}`,
        REDIS_URL: `redis://${hosts.redis}:6379`,
        FLASK_SECRET_KEY: flaskSecretKey,
        // Where there is no request, Dallinger makes addresses of HOST and base_port.
        base_port: String(spec.port ?? 80),
        num_dynos_web: "1",
        // The dashboard shows it, and fails without.
        heroku_app_id_root: spec.app,
        HOME: "/tmp",
        HOST: spec.hostname,
        PORT: "5000",
        host: "0.0.0.0",
        id,
        logfile: "-",
    };
}

/** Names of the variables in {@link processEnvironment} whose values are secret. */
export function secretVariables({ secretSettings }: AppEnvironmentSpec): string[] {
    return ["DATABASE_URL", "FLASK_SECRET_KEY", "dashboard_password", ...Object.keys(secretSettings)];
}

/** What the scripts hide in log lines they show, one text a line: the secret values in an app's environment. */
export function renderSecretList(spec: AppEnvironmentSpec): string {
    const { databasePassword, flaskSecretKey, dashboardPassword } = spec.generated;
    const values = [databasePassword, flaskSecretKey, dashboardPassword, ...Object.values(spec.secretSettings)];
    return hiddenTexts(values)
        .map((text) => `${text}\n`)
        .join("");
}

function sorted(environment: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
