/**
 * The places and names that are the same on every server. They are contracts, and the scripts in templates/ have the same ones: a test
 * holds one against the other.
 */

/** Version of these folders, names and networks, by which a server that another version of this program has prepared is recognised. */
export const layoutVersion = 2;

const root = "/srv/dallinger";

/** Folder of what all apps of a server share: its scripts, compose file and records. */
export const serverFolder = `${root}/server`;

/** Folder that has one for each app. */
export const appsFolder = `${root}/apps`;

/** Folder of the backups, `<app>/<UTC time>` in it. */
export const backupsFolder = `${root}/backups`;

/** Folder that has one for each app, with the files that its containers keep. */
export const filesFolder = "/var/lib/dallinger";

/** Compose project of the services that apps share. */
export const serverProject = "dlgr-server";

/** Name of the network that PostgreSQL shares with the apps' pgbouncers. */
export const serverNetwork = "dlgr-server";

/**
 * Name of Caddy's own network. The scripts on the server have Caddy join each app's network as well, so that no app reaches
 * another. A container's way out is the first of its networks by name, and this one comes before every `dlgr-app-…`.
 */
export const accessNetwork = "dlgr-access";

/** Name of the shared PostgreSQL container, and its host name on the network. */
export const postgresContainer = "dlgr-server-postgres";

/** Name of the shared Caddy container, and its host name on the network. */
export const caddyContainer = "dlgr-server-caddy";
