import type { ServerSession } from "../../remote/serverSession.ts";
import type { BuildRequest } from "../build/dockerBuild.ts";

/** What a way of delivery works with. */
export interface WayArgs {
    readonly request: BuildRequest;
    /** The conversation with deliver.sh, which has said that the server does not have the image. */
    readonly session: ServerSession;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
}

/** A way on which an image gets to a server that does not have it. */
export interface Way {
    /** Options of `ssh` that forward what it needs, given a folder for sockets. */
    readonly forwarding: (folder: string) => readonly string[];
    /** Brings the image, and gives what deliver.sh says then. */
    readonly bring: (args: WayArgs) => Promise<string>;
}
