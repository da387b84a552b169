import open from "open";
import { z } from "zod";
import { EXIT } from "./exitStatus.ts";
import type { OpenedPart } from "./openedParts.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { withoutControls } from "./withoutControls.ts";

const outputs = z.object({
    url: z.string(),
    dashboardUrl: z.string(),
    dashboardUser: z.string(),
    dashboardPassword: z.string(),
    recruitment: z.string(),
    /** There where it runs on this machine. */
    composeFile: z.string().optional(),
});

/** What the stack says of an app that runs. */
export type AppOutputs = z.infer<typeof outputs>;

/**
 * Prints where a stack's app is, how one logs in to its dashboard and what the launch has answered, and opens it in a browser: as a
 * `participant`, which is what an app on this machine is opened as by default, or the `dashboard`. @returns the exit status.
 */
export async function openApp(stack: string | undefined, what?: OpenedPart): Promise<number> {
    const known = outputs.safeParse(JSON.parse(await pulumi(stack, ["stack", "output", "--json", "--show-secrets"])));
    if (!known.success) throw new Refusal("this stack runs no experiment yet: run `./pulumi up` first");
    const address = addressToOpen(known.data, what);
    console.log(describe(known.data));
    if (address === undefined) return EXIT.done;
    (await open(address)).unref();
    console.log(`opened ${address}`);
    return EXIT.done;
}

/**
 * The address that is opened; nothing where nothing is.
 *
 * @throws {Refusal} when somebody would take part in a study that recruits.
 */
export function addressToOpen({ url, dashboardUrl, composeFile }: AppOutputs, what?: OpenedPart): string | undefined {
    const isHere = composeFile !== undefined;
    const part = what ?? (isHere ? "participant" : "dashboard");
    if (part === "none") return undefined;
    if (part === "dashboard") return dashboardUrl;
    if (!isHere) throw new Refusal("a participant made here would be one of the study's: only apps on this machine");
    // Dallinger makes the ids of somebody who has been recruited.
    return `${url}/ad?generate_tokens=1&recruiter=hotair`;
}

function describe({ url, dashboardUrl, dashboardUser, dashboardPassword, recruitment }: AppOutputs): string {
    const answer = recruitment.split("\n").map(withoutControls).join("\n");
    return `${url}\ndashboard  ${dashboardUrl}  user ${dashboardUser}  password ${dashboardPassword}\n${answer}`;
}
