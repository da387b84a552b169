import { z } from "zod";
import { appNames } from "../components/experimentApp/appNames.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { serverOfStack } from "./serverOfStack.ts";
import { ServerShell } from "./serverShell.ts";

/** The app that a stack runs, and a way to its server. */
export interface StackApp {
    readonly name: string;
    /** What the stack's `experiment.archive` says. */
    readonly archive: string | undefined;
    /** Stack that prepared the server; the app's own when it is not there. */
    readonly serverStack: string | undefined;
    readonly shell: ServerShell;
    /** Path of a script that the app has on the server. */
    script(name: string): string;
}

const block = z.object({ objectValue: z.unknown().optional(), value: z.string().optional() });
const experiment = z.object({
    name: z.string(),
    on: z.object({ stack: z.string() }).optional(),
    archive: z.string().optional(),
});

/**
 * The app of a stack.
 *
 * @throws {Refusal} when the stack runs none.
 */
export async function appOfStack(stack: string | undefined): Promise<StackApp> {
    const configuration: unknown = JSON.parse(await pulumi(stack, ["config", "--json"]));
    const found = z.record(z.string(), block).parse(configuration)["dallinger:experiment"];
    const parsed = experiment.safeParse(found?.objectValue ?? JSON.parse(found?.value ?? "null"));
    if (!parsed.success) throw new Refusal("this stack runs no experiment: name one that does with --stack STACK");
    const { name, on, archive } = parsed.data;
    const serverStack = on?.stack ?? stack;
    const shell = new ServerShell(await serverOfStack(serverStack));
    return { name, archive, serverStack, shell, script: (file) => `${appNames(name).folder}/bin/${file}` };
}
