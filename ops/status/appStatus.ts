import type { ListedApp } from "../listedApp.ts";
import type { Certificate } from "./certificates.ts";

/** How an app is, in all that is known of it where it runs. */
export interface AppStatus extends ListedApp {
    /** UTC time at which its launch was begun; not there before, nor where that is not known. */
    readonly launchBegun?: string | undefined;
    readonly containers: readonly AppContainer[];
    /** Number of participants by Dallinger's word for their state, none of which is 0; `unknown` where nobody could tell. */
    readonly participants: Readonly<Record<string, number>> | "unknown";
    /** Of each host name; not there on this machine. */
    readonly certificates?: readonly HostCertificate[] | undefined;
    /** The server's disks that the app fills; not there on this machine. */
    readonly disks?: readonly Disk[] | undefined;
    /** Those of the app on its server, the latest first; not there on this machine. */
    readonly backups?: readonly AppBackup[] | undefined;
    /** What is not as the stack has it; not there on this machine. */
    readonly differences?: readonly string[] | undefined;
}

/** A container of an app. */
export interface AppContainer {
    readonly name: string;
    readonly service: string;
    /** Docker's word: `running`, `exited`, `restarting`. */
    readonly state: string;
    /** Docker's word: `healthy`, `starting`, `unhealthy`, and `none` of one that is not asked. */
    readonly health: string;
    /** UTC time at which it was last started. */
    readonly since: string;
    /** How many times it has ended by itself and was started again. */
    readonly restarts: number;
    /** Bytes that it uses; not there where that could not be read. */
    readonly memory?: number | undefined;
}

/** What Caddy shows of a host name; not there where it has nothing, or that could not be read. */
export interface HostCertificate {
    readonly host: string;
    readonly certificate?: Certificate | undefined;
}

/** A file system; sizes are bytes. */
export interface Disk {
    readonly mountedOn: string;
    readonly size: number;
    readonly free: number;
}

/** A complete backup on the server. */
export interface AppBackup {
    /** The UTC time at which it was made. */
    readonly name: string;
    /** Bytes on the disk; not there where that could not be read. */
    readonly size?: number | undefined;
    /** Whether somebody has a copy elsewhere. */
    readonly fetched: boolean;
    /** Whether it is in a repository off the server. */
    readonly offServer: boolean;
}
