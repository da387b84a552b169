import { homedir } from "node:os";
import { join } from "node:path";

/** Where what all checkouts of this user have in common is kept, as `./pulumi` says it too. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
    return join(environment.XDG_DATA_HOME || join(homedir(), ".local/share"), "dallinger-pulumi");
}
