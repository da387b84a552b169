import type { AppPlace } from "./appPlace.ts";
import { logging, renderComposeFile } from "./composeFile.ts";

/** Everything an app's compose file depends on, already resolved; no secret. */
export interface AppComposeSpec {
    readonly place: AppPlace;
    /** Image of the experiment, pinned by digest. */
    readonly image: string;
    /** Images of its Redis, and of what answers for its database: pgbouncer or PostgreSQL. */
    readonly images: { readonly redis: string; readonly database: string };
    /** Number of worker containers. */
    readonly workers: number;
    readonly clock: boolean;
    readonly limits: AppLimits;
    /** On everything of the app: app and owner. */
    readonly labels: Readonly<Record<string, string>>;
    /** Content hash of the release, a label of the containers that it changes. */
    readonly release: string;
}

/** What an app may use at most; nothing is limited that is not named. */
export interface AppLimits {
    /** Memory of each container, in Docker's notation (`2g`). */
    readonly memory?: string | undefined;
    /** Processors of each container. */
    readonly cpus?: number | undefined;
    /** Connections to PostgreSQL. Defaults to 50. */
    readonly connections?: number | undefined;
}

/** A compose service; only the parts that this program writes. */
export interface ComposeService {
    readonly image: string;
    readonly entrypoint?: readonly string[];
    readonly command?: string | readonly string[];
    readonly user?: string;
    readonly restart: string;
    readonly init: boolean;
    readonly logging: typeof logging;
    readonly labels: Readonly<Record<string, string>>;
    /** Docker's notation. */
    readonly mem_limit?: string;
    readonly cpus?: number;
    /** Its share of processors that are short, beside others' 1024. */
    readonly cpu_shares?: number;
    /** Shared memory, in Docker's notation. */
    readonly shm_size?: string;
    readonly environment?: Readonly<Record<string, string>>;
    /** `VOLUME:FOLDER` or `FOLDER:FOLDER`. */
    readonly volumes?: readonly string[];
    /** `ADDRESS:PORT:PORT`. */
    readonly ports?: readonly string[];
    readonly depends_on?: Readonly<Record<string, { readonly condition: "service_healthy" }>>;
    /** By the names of the compose file. */
    readonly networks: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
    /** Seconds, `40s`. */
    readonly stop_grace_period?: string;
    readonly healthcheck?: Healthcheck;
    /** Number of containers. */
    readonly scale?: number;
}

/** Docker's own question whether a container is healthy; durations as `60s` and `500ms`. */
export interface Healthcheck {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly start_period: string;
    readonly start_interval: string;
}

type Part = Partial<ComposeService>;

/** The services of an app, by name. What answers for its data depends on nothing that a release of the experiment changes. */
export function appServices(spec: AppComposeSpec): Record<string, ComposeService> {
    const { hosts, files, database } = spec.place;
    const common = { restart: "unless-stopped", init: true, logging, labels: spec.labels, ...limits(spec.limits) };
    const [databaseService, ownDatabase] =
        database.shared === undefined
            ? (["postgres", postgres(spec.images.database, database.host)] as const)
            : (["pgbouncer", pgbouncer(spec.images.database, database.host)] as const);
    const process = {
        ...common,
        image: spec.image,
        labels: { ...spec.labels, "dallinger.release": spec.release },
        volumes: [`${files}:/var/lib/dallinger`],
        depends_on: { redis: HEALTHY, [databaseService]: HEALTHY },
    };
    return {
        redis: { ...common, ...redis(spec.images.redis, hosts) },
        [databaseService]: { ...common, ...ownDatabase },
        web: { ...process, ...web(hosts) },
        worker: { ...process, ...worker(hosts), scale: spec.workers },
        ...(spec.clock ? { clock: { ...process, command: "dallinger_heroku_clock", networks: { app: {} } } } : {}),
    };
}

const HEALTHY = { condition: "service_healthy" } as const;

/** Renders an app's compose file. */
export function renderAppCompose(spec: AppComposeSpec): string {
    const { project, database } = spec.place;
    return renderComposeFile({
        name: project,
        services: appServices(spec),
        networks: {
            app: { name: project, labels: spec.labels },
            ...(database.shared !== undefined && { server: { name: database.shared.network, external: true } }),
        },
        volumes: { redis: { name: `${project}-redis`, labels: spec.labels } },
    });
}

function limits({ memory, cpus }: AppLimits): Part {
    return { ...(memory === undefined ? {} : { mem_limit: memory }), ...(cpus === undefined ? {} : { cpus }) };
}

function redis(image: string, hosts: AppPlace["hosts"]) {
    return {
        image,
        // The append-only file: ids of running studies live here (Dallinger's RedisStore).
        command: ["redis-server", "--appendonly", "yes"],
        volumes: ["redis:/data"],
        networks: { app: { aliases: [hosts.redis] } },
        stop_grace_period: "30s",
        healthcheck: healthcheck(["CMD", "redis-cli", "ping"]),
    };
}

function pgbouncer(image: string, host: string) {
    return {
        image,
        networks: { app: { aliases: [host] }, server: {} },
        stop_grace_period: "30s",
        healthcheck: healthcheck(["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-p", "5432"]),
    };
}

/** The image `postgres`, as Docker has it: its password comes from a file, its database and role are made at its first start. */
function postgres(image: string, host: string) {
    return {
        image,
        volumes: ["postgres:/var/lib/postgresql/data"],
        networks: { app: { aliases: [host] } },
        stop_grace_period: "60s",
        // By its address: while it makes the database it only listens on a socket.
        healthcheck: healthcheck(["CMD", "pg_isready", "-q", "-h", "127.0.0.1"]),
    };
}

/** A Python that starts in a fiftieth of a second: no packages, no user's files. Probes of many apps would take a processor else. */
const python = ["python3", "-I", "-S", "-c"];

function web(hosts: AppPlace["hosts"]) {
    const probe = [
        "import socket",
        "web = socket.create_connection(('127.0.0.1', 5000), 4)",
        "web.sendall(b'GET /robots.txt HTTP/1.0\\r\\n\\r\\n')",
        "raise SystemExit(b' 200 ' not in web.makefile('rb').readline())",
    ].join("\n");
    return {
        command: "dallinger_heroku_web",
        networks: { app: { aliases: [hosts.web] } },
        // gunicorn waits 30 s for open websockets when it is told to end.
        stop_grace_period: "40s",
        healthcheck: healthcheck(["CMD", ...python, probe], "1s"),
    };
}

/** A worker is healthy while it is registered with RQ: by its host name, which is the container's. */
function worker(hosts: AppPlace["hosts"]) {
    const registered =
        "for _, w in ipairs(redis.call('smembers', 'rq:workers')) do " +
        "if redis.call('hget', w, 'hostname') == ARGV[1] then return 1 end end return 0";
    const probe = [
        "import socket",
        `redis = socket.create_connection(('${hosts.redis}', 6379), 4)`,
        `redis.sendall(b'''EVAL "${registered}" 0 %s\\r\\n''' % socket.gethostname().encode())`,
        "raise SystemExit(redis.makefile('rb').readline() != b':1\\r\\n')",
    ].join("\n");
    return {
        command: "dallinger_heroku_worker",
        networks: { app: {} },
        // RQ ends after the job it is on.
        stop_grace_period: "120s",
        healthcheck: healthcheck(["CMD", ...python, probe], "1s"),
    };
}

/**
 * Asked often at the start, until something is healthy; then once a minute, because each time a process is started in the container,
 * and with twenty apps on a server that adds up. What ends is seen without.
 */
function healthcheck(test: readonly string[], startInterval = "500ms"): Healthcheck {
    const pace = { interval: "60s", timeout: "5s", retries: 2, start_period: "180s", start_interval: startInterval };
    return { test, ...pace };
}

/** The environment of pgbouncer (the image edoburu/pgbouncer writes its configuration from it). */
export function pgbouncerEnvironment(
    { host, name }: { readonly host: string; readonly name: string },
    password: string,
    connections: number,
): Record<string, string> {
    return {
        DB_HOST: host,
        DB_NAME: name,
        DB_USER: name,
        DB_PASSWORD: password,
        AUTH_TYPE: "scram-sha-256",
        POOL_MODE: "transaction",
        MAX_CLIENT_CONN: "1000",
        DEFAULT_POOL_SIZE: String(Math.max(1, connections - 5)),
        IGNORE_STARTUP_PARAMETERS: "extra_float_digits",
        SERVER_IDLE_TIMEOUT: "60",
    };
}
