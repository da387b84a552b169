/** What an app has to know of where it runs: names and addresses that it shares with no other app. */
export interface AppPlace {
    /** Compose project. The app's own network has the same name, and its volumes begin with it. */
    readonly project: string;
    /** Host names on that network. A service's own name would be found in every app that shares a network. */
    readonly hosts: { readonly web: string; readonly redis: string; readonly pgbouncer: string };
    /** PostgreSQL's host name, and the database with the role of the same name that owns it. */
    readonly database: { readonly host: string; readonly name: string };
    /** Network that is there already, on which pgbouncer reaches PostgreSQL. */
    readonly network: string;
    /** Folder that the containers see as /var/lib/dallinger. */
    readonly files: string;
}
