import { execa } from "execa";
import { projectFolder } from "../components/program/projectFolder.ts";
import { ownPulumi, type PulumiWay, wrapper } from "./ownPulumi.ts";
import { Refusal } from "./refusal.ts";

/** What was found out by earlier commands, by stack. */
const ways = new Map<string | undefined, Promise<PulumiWay>>();

/** What `pulumi config --json` has printed, by stack, until something is set: commands ask for one block after the other. */
const configurations = new Map<string | undefined, Promise<string>>();

/**
 * Standard output of a `pulumi` command about a stack; `input` goes to its standard input.
 *
 * @throws {Refusal} with what it says when it fails.
 */
export async function pulumi(stack: string | undefined, args: readonly string[], input = ""): Promise<string> {
    if (args[0] === "config" && (args[1] === "set" || args[1] === "rm")) configurations.delete(stack);
    const result = await ask(await wayTo(stack), stack, args, input);
    if (result.failed) throw new Refusal(result.stderr);
    return result.stdout;
}

/**
 * The configuration of a stack, as `pulumi config --json` prints it.
 *
 * @throws {Refusal} with what that says when it fails.
 */
export async function configurationOf(stack: string | undefined): Promise<string> {
    const known = configurations.get(stack);
    if (known !== undefined) return await known;
    const asked = pulumi(stack, ["config", "--json"]);
    configurations.set(stack, asked);
    asked.catch(() => configurations.delete(stack));
    return await asked;
}

/** Runs a `pulumi` command that a person attends to: it asks and shows what it does. How it ended is for the state to say. */
export async function attend(stack: string | undefined, args: readonly string[]): Promise<void> {
    const { program, environment } = await wayTo(stack);
    // Interrupted, it is Pulumi that ends when it can.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    try {
        const command = [...args, ...selected(stack)];
        await execa(program, command, { cwd: projectFolder, env: environment, stdio: "inherit", reject: false });
    } finally {
        process.off("SIGINT", wait);
    }
}

/**
 * Which pulumi has the stack: `./pulumi`, unless only one of the user's own with a backend of its own knows it.
 *
 * @throws {Refusal} when both have such a stack, in two backends.
 */
async function wayTo(stack: string | undefined): Promise<PulumiWay> {
    const way = ways.get(stack) ?? findWay(stack);
    ways.set(stack, way);
    return await way;
}

async function findWay(stack: string | undefined): Promise<PulumiWay> {
    const own = await ownPulumi(process.env);
    if (own === undefined) return wrapper;
    if (await knows(wrapper, stack)) {
        // With a backend that the environment names, both mean the same stack.
        if (process.env.PULUMI_BACKEND_URL || !(await knows(own, stack))) return wrapper;
        throw new Refusal(
            `both \`./pulumi\` and your own \`pulumi\` have ${stack === undefined ? "a stack selected" : `a stack ${stack}`}, in two backends: say which with PULUMI_BACKEND_URL (\`pulumi whoami --verbose\` and \`./pulumi whoami --verbose\` tell the addresses)`,
        );
    }
    if (!(await knows(own, stack))) return wrapper;
    console.error("this stack is one of your own `pulumi`: where `./pulumi` is said below, it is `pulumi`");
    return own;
}

async function knows(way: PulumiWay, stack: string | undefined): Promise<boolean> {
    return !(await ask(way, stack, ["stack", "--show-name", "--non-interactive"])).failed;
}

async function ask(
    { program, environment }: PulumiWay,
    stack: string | undefined,
    args: readonly string[],
    input = "",
) {
    const command = [...args, ...selected(stack)];
    return await execa(program, command, { cwd: projectFolder, env: environment, input, reject: false });
}

function selected(stack: string | undefined): string[] {
    return stack === undefined ? [] : ["--stack", stack];
}
