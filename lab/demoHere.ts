import { execa } from "execa";
import { z } from "zod";
import { projectFolder } from "../components/program/projectFolder.ts";
import { makePassphrase } from "./passphrase.ts";

/** Stack of the demo on this machine. */
const STACK = "demo-local";

const inherited = { cwd: projectFolder, stdio: "inherit" } as const;

const outputs = z.object({
    url: z.string(),
    dashboardUrl: z.string(),
    dashboardUser: z.string(),
    composeFile: z.string(),
});

/** Runs the example on this machine's Docker engine. DALLINGER_DEMO_BASE names another base image, where Docker Hub cannot be reached. */
export async function demoHere(): Promise<void> {
    await makePassphrase();
    console.log(`1. the stack and its configuration (stacks/Pulumi.${STACK}.yaml)`);
    await pulumi("stack", "select", "--create", STACK);
    await pulumi("config", "set-all", "--stack", STACK, "--path", ...configuration(process.env.DALLINGER_DEMO_BASE));
    console.log("2. pulumi up: the image is built by your Docker engine, the experiment started and launched");
    await pulumi("up", "--yes", "--skip-preview", "--stack", STACK);
    const { stdout } = await execa("./pulumi", ["stack", "output", "--json", "--stack", STACK], { cwd: projectFolder });
    console.log(report(JSON.parse(stdout)));
}

/** Takes it away, with its data. @returns whether it was there. */
export async function endDemoHere(): Promise<boolean> {
    if (!(await hasStack(STACK))) return false;
    await pulumi("destroy", "--yes", "--skip-preview", "--remove", "--stack", STACK);
    return true;
}

/** Whether `./pulumi` has a stack of a name. */
export async function hasStack(name: string): Promise<boolean> {
    const known = await execa("./pulumi", ["stack", "ls", "--json"], { cwd: projectFolder });
    const stacks = z.array(z.object({ name: z.string() })).parse(JSON.parse(known.stdout));
    return stacks.some((stack) => stack.name === name);
}

async function pulumi(...args: readonly string[]): Promise<void> {
    await execa("./pulumi", args, inherited);
}

function configuration(base = ""): string[] {
    const plain = {
        "experiment.path": "examples/recall",
        "experiment.name": "recall",
        "experiment.on": "local",
        // A demo's data goes with it.
        "experiment.local.save": "false",
        ...(base !== "" && { "experiment.image.base": base }),
        "settings.threads": "1",
    };
    return Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `dallinger:${key}=${value}`]);
}

/** What a person needs after the demo is up. */
function report(stackOutputs: unknown): string {
    const { url, dashboardUrl, dashboardUser, composeFile } = outputs.parse(stackOutputs);
    return `
${url} is up, on this machine and for it alone.

take part     ./ops/dallinger open --stack ${STACK}
dashboard     ${dashboardUrl}  user ${dashboardUser}
  password    ./pulumi stack output dashboardPassword --show-secrets --stack ${STACK}
logs          docker compose -f ${composeFile} logs -f web worker
change it     edit examples/recall: code and pages are seen at once
take it down  make demo-down
`;
}
