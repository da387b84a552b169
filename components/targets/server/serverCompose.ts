import { logging, renderComposeFile } from "../../app/composeFile.ts";
import { accessNetwork, caddyContainer, postgresContainer, serverNetwork, serverProject } from "./serverNames.ts";

/** What the shared services' compose file depends on. */
export interface ServerComposeSpec {
    /** Random id of the server; every container, volume and network carries it as a label. */
    readonly serverId: string;
    readonly images: { readonly postgres: string; readonly caddy: string };
}

/**
 * What the verb `services` puts the name of PostgreSQL's volume in place of, and the folder where its image wants it: both follow from the
 * image's major version, which is in the name because no version reads another's files, and which only the server knows.
 */
const POSTGRES_VOLUME = "@postgres-volume@";
const POSTGRES_FOLDER = "@postgres-folder@";

/** The shared services, by name, without what labels tell of the server. */
export function serverServices(images: ServerComposeSpec["images"]): Record<string, object> {
    return { postgres: postgres(images.postgres), caddy: caddy(images.caddy) };
}

/** Renders the compose file of the services that a server's apps share. */
export function renderServerCompose({ serverId, images }: ServerComposeSpec): string {
    const labels = { "dallinger.server": serverId };
    const volumes = {
        postgres: { name: POSTGRES_VOLUME, labels },
        "caddy-data": { name: `${caddyContainer}-data`, labels },
        "caddy-config": { name: `${caddyContainer}-config`, labels },
    };
    const services = Object.entries(serverServices(images)).map(([name, service]) => [name, { ...service, labels }]);
    return renderComposeFile({
        name: serverProject,
        services: Object.fromEntries(services),
        networks: { default: { name: serverNetwork, labels }, access: { name: accessNetwork, labels } },
        volumes,
    });
}

/**
 * Twenty apps with the default limit of 50 connections, two more, and what PostgreSQL keeps for its superuser. The verb `database` checks
 * what is promised to the apps against it.
 */
const MAX_CONNECTIONS = 1103;

/** PostgreSQL's own, and each takes a restart. Who gets in is in two files that are loaded without one. */
const settings = {
    hba_file: "/etc/dallinger/pg_hba.conf",
    ident_file: "/etc/dallinger/pg_ident.conf",
    max_connections: String(MAX_CONNECTIONS),
};

function postgres(image: string): object {
    return {
        image,
        container_name: postgresContainer,
        restart: "unless-stopped",
        command: ["postgres", ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
        environment: { POSTGRES_PASSWORD_FILE: "/etc/dallinger/password" },
        volumes: [`postgres:${POSTGRES_FOLDER}`, "./postgres:/etc/dallinger:ro"],
        shm_size: "256m",
        stop_grace_period: "60s",
        healthcheck: {
            // By TCP: the image's first start runs a server without it while the database is being made.
            test: ["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"],
            interval: "30s",
            timeout: "5s",
            retries: 5,
            start_period: "120s",
            start_interval: "500ms",
        },
        logging,
    };
}

function caddy(image: string): object {
    return {
        image,
        container_name: caddyContainer,
        restart: "unless-stopped",
        ports: ["80:80", "443:443", "443:443/udp"],
        // A folder, never a single file: a renamed file would leave the container on the old one.
        volumes: ["./caddy:/etc/caddy:ro", "caddy-data:/data", "caddy-config:/config"],
        networks: { access: {} },
        stop_grace_period: "40s",
        logging,
    };
}
