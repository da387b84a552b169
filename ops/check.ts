import { serverDoor } from "../components/targets/server/doors.ts";
import { appOfStack } from "./appOfStack.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { expectedApp } from "./expectedApp.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { payloadSum, sentPayload } from "./sentPayload.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { blocksOfStack } from "./stackBlocks.ts";

/** Prints what on the server is not as the stack's state has it: of the app, and of the server where it is the stack's. @returns the exit status. */
export async function check(stack: string | undefined): Promise<number> {
    const blocks = await blocksThatRun(stack);
    const exported: unknown = JSON.parse(await pulumi(stack, ["stack", "export", "--show-secrets"]));
    const reports = [];
    if (blocks.includes("server")) reports.push(await reportOfServer(stack, exported));
    if (blocks.includes("experiment")) reports.push(await reportOfApp(stack, exported));
    const found = new Set(reports.flatMap(({ differences }) => differences));
    if (found.size === 0) {
        for (const { subject } of reports) console.log(`${subject} as the stack has it`);
        return EXIT.done;
    }
    console.log([...found].join("\n"));
    console.error("`./ops/dallinger mend`, then `./pulumi up`, brings it to what the stack says");
    return EXIT.differs;
}

/** Notes in the stack's configuration that the next `pulumi up` has to look at everything on the server. */
export async function mend(stack: string | undefined): Promise<number> {
    const now = new Date().toISOString();
    const blocks = await blocksThatRun(stack);
    for (const block of blocks)
        await pulumi(stack, ["config", "set", "--path", `dallinger:${block}.mended`, "--type", "string", now]);
    const what = blocks.map((block) => (block === "server" ? "the server's shared services" : "the app on the server"));
    console.log(`the next \`./pulumi up\` brings ${what.join(" and ")} to what the stack says`);
    return EXIT.done;
}

async function blocksThatRun(stack: string | undefined): Promise<string[]> {
    const blocks = await blocksOfStack(stack);
    const found = ["experiment", "server"].filter((block) => blocks.has(block));
    if (found.length > 0) return found;
    throw new Refusal("this stack has neither server nor experiment: name one that has with --stack STACK");
}

/** What was looked at, and what of it is different. */
interface Report {
    /** The beginning of a sentence that says that it is right. */
    readonly subject: string;
    readonly differences: readonly string[];
}

async function reportOfApp(stack: string | undefined, exported: unknown): Promise<Report> {
    const app = await appOfStack(stack);
    const { release, site, schedule } = expectedApp(exported);
    const differences = lines(await app.ask("check", release, site, schedule));
    return { subject: `${app.name} is on its server`, differences };
}

async function reportOfServer(stack: string | undefined, exported: unknown): Promise<Report> {
    const shell = await shellOfStack(stack);
    const applied = payloadSum(sentPayload(exported, "server-services") ?? "") ?? "";
    const differences = lines(await shell.output(enterDoor(serverDoor, "check", applied)));
    return { subject: `the server ${shell.host} is`, differences };
}

function lines(text: string): string[] {
    return text.split("\n").filter((line) => line.trim() !== "");
}
