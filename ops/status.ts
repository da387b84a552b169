import { z } from "zod";
import { APP_DEFAULTS } from "../components/configuration/experiment/appDefaults.ts";
import { sizeInBytes } from "../components/configuration/experiment/experimentConfiguration.ts";
import { EXIT } from "./exitStatus.ts";
import { expectedApp } from "./expectedApp.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { pulumi } from "./pulumiCommand.ts";
import { blocksOfStack } from "./stackBlocks.ts";
import { problemsOf } from "./status/problems.ts";
import { renderStatus } from "./status/report.ts";

/** Tells how the app of a stack is, in all that is known of it. @returns the exit status: {@link EXIT.differs} when something is not as it should be. */
export async function showStatus(stack: string | undefined, json: boolean): Promise<number> {
    const [operations, exported] = await Promise.all([
        operationsOfStack(stack),
        pulumi(stack, ["stack", "export", "--show-secrets"]),
    ]);
    const status = await operations.status(expectedApp(JSON.parse(exported)));
    const now = new Date();
    const problems = problemsOf(status, { now, freeSpace: await freeSpaceOf(stack) });
    if (json) console.log(JSON.stringify({ ...status, problems }, null, 2));
    else for (const line of renderStatus(status, problems, now)) console.log(line);
    return problems.length === 0 ? EXIT.done : EXIT.differs;
}

const limits = z.object({ limits: z.object({ freeSpace: z.string() }) });

/** Bytes that the app's server has to have free before it takes another image. */
async function freeSpaceOf(stack: string | undefined): Promise<number> {
    const parsed = limits.safeParse((await blocksOfStack(stack)).get("experiment"));
    return parsed.success ? sizeInBytes(parsed.data.limits.freeSpace) : APP_DEFAULTS.freeSpace * 2 ** 20;
}
