import { appOfStack } from "./appOfStack.ts";
import { pulumi } from "./pulumiCommand.ts";

/** Prints what on the server is not as the stack's state has it, by one ssh connection. @returns 0 when all is, else 1. */
export async function check(stack: string | undefined): Promise<number> {
    const app = await appOfStack(stack);
    const release = (await pulumi(stack, ["stack", "output", "release"])).trim();
    const found = await app.shell.output(`${app.script("check.sh")} ${release}`);
    if (found.trim() === "") {
        console.log(`${app.name} is on its server as the stack has it`);
        return 0;
    }
    console.log(found);
    console.error("`./ops/dallinger mend`, then `./pulumi up`, brings it to what the stack says");
    return 1;
}

/** Notes in the stack's configuration that the next `pulumi up` has to look at everything on the server. */
export async function mend(stack: string | undefined): Promise<number> {
    const now = new Date().toISOString();
    await pulumi(stack, ["config", "set", "--path", "dallinger:experiment.mended", "--type", "string", now]);
    console.log("the next `./pulumi up` brings the app on the server to what the stack says");
    return 0;
}
