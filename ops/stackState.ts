import { resourcesIn } from "./exportedState.ts";
import { pulumi } from "./pulumiCommand.ts";

/** What the state of a stack knows of its app. */
export interface AppState {
    /** What of the app is on a server: `claim`, `database`, `release`, `site`, `launch`. */
    readonly commands: ReadonlySet<string>;
    /** URN of the claim, with which everything of the app goes. */
    readonly claim: string | undefined;
    /** Random id by which servers and backups know whose the app is. */
    readonly owner: string | undefined;
}

/** Reads the state of a stack; nothing is contacted but its backend. */
export async function appState(stack: string | undefined): Promise<AppState> {
    return readAppState(JSON.parse(await pulumi(stack, ["stack", "export"])));
}

/** Finds the app in what `pulumi stack export` prints. */
export function readAppState(exported: unknown): AppState {
    const resources = resourcesIn(exported);
    const command = /\$command:remote:Command::experiment-(\w+)$/;
    const commands = resources.flatMap(({ urn }) => {
        const [, noun] = command.exec(urn) ?? [];
        return noun === undefined ? [] : [[noun, urn] as const];
    });
    const owner = resources.find(({ urn }) => urn.endsWith("::experiment-owner"))?.outputs?.result;
    return {
        commands: new Set(commands.map(([noun]) => noun)),
        claim: new Map(commands).get("claim"),
        owner: typeof owner === "string" ? owner : undefined,
    };
}
