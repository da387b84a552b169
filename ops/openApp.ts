import open from "open";
import { z } from "zod";
import { withoutControls } from "./observe.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";

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

/** What of an app can be opened; `none` opens nothing. */
const PARTS = ["participant", "dashboard", "none"] as const;

/**
 * Prints where a stack's app is, how one logs in to its dashboard and what the launch has answered, and opens it in a browser: as a
 * `participant`, which is what an app on this machine is opened as by default, or the `dashboard`. @returns the exit status.
 */
export async function openApp(stack: string | undefined, what?: string): Promise<number> {
    const known = outputs.safeParse(JSON.parse(await pulumi(stack, ["stack", "output", "--json", "--show-secrets"])));
    if (!known.success) throw new Refusal("this stack runs no experiment yet: run `./pulumi up` first");
    const address = addressToOpen(known.data, what);
    console.log(describe(known.data));
    if (address === undefined) return 0;
    (await open(address)).unref();
    console.log(`opened ${address}`);
    return 0;
}

/**
 * The address that is opened; nothing where nothing is.
 *
 * @throws {Refusal} when there is no such part, or somebody would take part in a study that recruits.
 */
export function addressToOpen({ url, dashboardUrl, composeFile }: AppOutputs, what?: string): string | undefined {
    const isHere = composeFile !== undefined;
    const part = PARTS.find((name) => name === (what ?? (isHere ? "participant" : "dashboard")));
    if (part === undefined) throw new Refusal(`there is no ${what} to open: ${PARTS.join(", ")}`);
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
