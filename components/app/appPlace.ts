/** What an app has to know of where it runs: names and addresses that it shares with no other app. */
export interface AppPlace {
    /** Compose project. The app's own network has the same name, and its volumes begin with it. */
    readonly project: string;
    /** Host names on that network. A service's own name would be found in every app that shares a network. */
    readonly hosts: { readonly web: string; readonly redis: string };
    readonly database: AppDatabase;
    /** Folder that the containers see as /var/lib/dallinger. */
    readonly files: string;
}

/** Where an app finds its database: in a PostgreSQL that apps share, behind a pgbouncer of its own, or in one of its own. */
export interface AppDatabase {
    /** Host name that its processes connect to, on the app's network. */
    readonly host: string;
    /** Name of the database, and of the role that owns it. */
    readonly name: string;
    /** The PostgreSQL that apps share: its host name, and the network, there already, on which pgbouncer reaches it. */
    readonly shared?: { readonly host: string; readonly network: string };
}
