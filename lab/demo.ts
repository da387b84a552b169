import { parseArgs } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { ExecaError, execa } from "execa";
import { findEngine } from "../components/program/findEngine.ts";
import { projectFolder } from "../components/program/projectFolder.ts";
import { demoConfiguration } from "./demoConfiguration.ts";
import { demoHere, endDemoHere, hasStack } from "./demoHere.ts";
import { demoReport } from "./demoReport.ts";
import { makePassphrase } from "./passphrase.ts";
import { type Lab, readLab } from "./readLab.ts";

// The demo's server goes with its backups.
const thrownAway = ["--plaintext", "dallinger:server.discardBackups=true"];
const inherited = { cwd: projectFolder, stdio: "inherit" } as const;

/**
 * Runs the example: `demo.ts up` on this machine where a Docker engine answers, else on a throw-away server, as `demo.ts server` does
 * in any case; `demo.ts down` takes away what is there. `--lab NAME` and `--stack NAME` are both `demo` if not given.
 */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { lab: { type: "string", default: "demo" }, stack: { type: "string", default: "demo" } },
    });
    const [word = "up"] = positionals;
    if (word === "down") await down(values.lab, values.stack);
    else if (word === "up" && (await hasEngine())) await demoHere();
    else await up(values.lab, values.stack);
}

/** Whether an experiment can run here; why not is said. */
async function hasEngine(): Promise<boolean> {
    try {
        await findEngine();
        return true;
    } catch (error) {
        if (!(error instanceof RunError)) throw error;
        console.log(`${error.message}\nSo it is shown on a throw-away server of this machine, which needs root.`);
        return false;
    }
}

async function up(name: string, stack: string): Promise<void> {
    console.log("1. a server with nothing on it but sshd, and a registry");
    await execa("lab/lab", ["up", name], inherited);
    const lab = await readLab(projectFolder, name);
    await makePassphrase();
    const pulumi = inLab(lab);
    console.log("2. the stack and its configuration (stacks/Pulumi.demo.yaml)");
    await pulumi(["stack", "select", "--create", stack]);
    await pulumi(["config", "set-all", "--stack", stack, "--path", ...demoConfiguration(lab), ...thrownAway]);
    console.log(
        "3. pulumi up: the image is built and pushed, the server prepared, the experiment deployed and launched",
    );
    await pulumi(["up", "--yes", "--skip-preview", "--stack", stack]);
    const outputs = await execa("./pulumi", ["stack", "output", "--json", "--stack", stack], {
        cwd: projectFolder,
        env: lab.environment,
    });
    console.log(await demoReport(JSON.parse(outputs.stdout), { name, stack, lab }));
}

async function down(name: string, stack: string): Promise<void> {
    const wasHere = await endDemoHere();
    const { stdout } = await execa("lab/lab", ["status"], { cwd: projectFolder, all: true, reject: false });
    if (!new RegExp(`^lab ${name}\\b`, "m").test(stdout)) {
        if (!wasHere) console.log("there is no demo");
        return;
    }
    const lab = await readLab(projectFolder, name);
    // An `up` that was broken off early has not made it.
    if (await hasStack(stack)) {
        await inLab(lab)(["destroy", "--yes", "--skip-preview", "--remove", "--stack", stack]);
    }
    await execa("lab/lab", ["down", name], inherited);
}

/** `./pulumi` as it finds the lab's registry, its servers and their names. */
function inLab({ name, environment }: Lab) {
    return async (args: readonly string[]): Promise<void> => {
        await execa("lab/lab", ["run", name, "./pulumi", ...args], { ...inherited, env: environment });
    };
}

try {
    await main();
} catch (error) {
    // The command's own output has said what is wrong.
    if (!(error instanceof ExecaError)) throw error;
    console.error(`demo: ${error.shortMessage}`);
    process.exitCode = 1;
}
