import type { AppPlace } from "../../app/appPlace.ts";
import { isDnsLabel } from "../../configuration/checking/hostNames.ts";
import { appsFolder, filesFolder, postgresContainer, serverNetwork } from "./serverNames.ts";

/** The names that an app has on its server. They are contracts: labels, folders and databases are found by them. */
export interface AppNames {
    /** Compose project, and name of the private network. */
    readonly project: string;
    /** PostgreSQL database, and the role that owns it. */
    readonly database: string;
    /** Folder of the app's compose file, scripts and records. */
    readonly folder: string;
    /** Folder that the containers see as /var/lib/dallinger. */
    readonly files: string;
    /** File that holds the address of the web which serves, as Caddy sees it. */
    readonly upstream: string;
    /** Host names on Docker's networks. A service's own name would be found in every app that shares a network. */
    readonly aliases: { readonly web: string; readonly redis: string; readonly pgbouncer: string };
}

/**
 * The names of an app.
 *
 * @throws {RangeError} for one that is no DNS label: with `..` the app's removal would take away what is not its own.
 */
export function appNames(app: string): AppNames {
    if (!isDnsLabel(app)) {
        throw new RangeError(`${JSON.stringify(app)} cannot be the name of an app: it has to be a DNS label`);
    }
    const project = `dlgr-app-${app}`;
    return {
        project,
        database: `app_${app}`,
        folder: `${appsFolder}/${app}`,
        files: `${filesFolder}/${app}`,
        upstream: `/etc/caddy/upstreams/${app}`,
        aliases: { web: `${project}-web`, redis: `${project}-redis`, pgbouncer: `${project}-pgbouncer` },
    };
}

/** Where an app of this name runs on its server. */
export function placeOnServer(app: string): AppPlace {
    const { project, database, files, aliases } = appNames(app);
    const { pgbouncer, ...hosts } = aliases;
    const shared = { host: postgresContainer, network: serverNetwork };
    return { project, hosts, database: { host: pgbouncer, name: database, shared }, files };
}
