import { mkdtemp, mkdtempDisposable, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { automation } from "@pulumi/pulumi";
import { execa } from "execa";
import { demoConfiguration } from "../../lab/demoConfiguration.ts";
import type { Lab } from "../../lab/readLab.ts";

/** Where a test's stack lives and who brings it up. */
export interface TestStackOptions {
    /** Folder of the project's copy. */
    readonly folder: string;
    readonly lab: Lab;
    /** Socket of the operator's ssh agent. */
    readonly agent: string;
    /** Folder of the state. Defaults to a new one. */
    readonly backend?: string;
    /** Defaults to `e2e`. */
    readonly name?: string;
    /** What is different in the environment of this operator. */
    readonly environment?: Readonly<Record<string, string>>;
}

/** A stack of the project's copy, through the Automation API, in a file backend of its own. */
export class TestStack {
    readonly stack: automation.Stack;
    readonly backend: string;
    /** In which commands of the project find the stack. */
    readonly environment: Readonly<Record<string, string>>;
    /** Everything that the engine has printed, in order. */
    printed = "";
    /** Names of the resources that the last operation has changed, or would. */
    changed: string[] = [];
    /** What resources and the scripts on the server have said of their work, in all operations, with the second they said it in. */
    readonly progress: { readonly at: Date; readonly text: string }[] = [];

    private constructor(stack: automation.Stack, backend: string, environment: Readonly<Record<string, string>>) {
        this.stack = stack;
        this.backend = backend;
        this.environment = environment;
    }

    static async create(options: TestStackOptions): Promise<TestStack> {
        const { folder, lab, agent, backend, name = "e2e" } = options;
        const state = backend ?? (await mkdtemp(join(tmpdir(), "e2e-state-")));
        const environment = {
            ...lab.environment,
            SSH_AUTH_SOCK: agent,
            PULUMI_BACKEND_URL: `file://${state}`,
            PULUMI_CONFIG_PASSPHRASE: "the passphrase of a test",
            ...options.environment,
        };
        const stack = await automation.LocalWorkspace.createOrSelectStack(
            { stackName: name, workDir: folder },
            { envVars: environment },
        );
        return new TestStack(stack, state, environment);
    }

    /** Sets plain values by their paths below `dallinger:`; an empty text removes one. */
    async configure(values: Readonly<Record<string, string>>): Promise<void> {
        const entries = Object.entries(values).map(([path, value]) => [`dallinger:${path}`, value] as const);
        const kept = entries.filter(([, value]) => value !== "");
        const removed = entries.filter(([, value]) => value === "").map(([path]) => path);
        if (kept.length > 0)
            await this.stack.setAllConfig(Object.fromEntries(kept.map(([path, value]) => [path, { value }])), true);
        if (removed.length > 0) await this.stack.removeAllConfig(removed, true);
    }

    /** Sets secrets by their paths below `dallinger:`, on standard input as a person does: arguments are seen by everybody. */
    async configureSecrets(values: Readonly<Record<string, string>>): Promise<void> {
        for (const [path, input] of Object.entries(values)) {
            await this.command(["config", "set", "--secret", "--path", `dallinger:${path}`], input);
        }
    }

    /** What a `pulumi` command prints about the stack. */
    async command(args: readonly string[], input = ""): Promise<string> {
        const { name, workspace } = this.stack;
        const options = { cwd: workspace.workDir, env: this.environment, input };
        const { stdout } = await execa("pulumi", [...args, "--stack", name], options);
        return stdout;
    }

    /** Brings the stack up. What the Automation API asks for afterwards, in three more processes, is left to who wants it. */
    async up(): Promise<void> {
        await this.operate("up", ["--yes", "--skip-preview", "--suppress-progress"]);
    }

    async preview(options: automation.PreviewOptions = {}): Promise<automation.PreviewResult> {
        return await this.stack.preview({ ...this.listeners(), ...options });
    }

    async destroy(): Promise<void> {
        await this.operate("destroy", ["--yes", "--skip-preview", "--suppress-progress"]);
    }

    private async operate(operation: "up" | "destroy", options: readonly string[]): Promise<void> {
        const { name, workspace } = this.stack;
        await using events = await mkdtempDisposable(join(tmpdir(), "e2e-events-"));
        const log = join(events.path, "log");
        const args = [operation, ...options, "--non-interactive", "--stack", name, "--event-log", log];
        const env = { ...this.environment, PULUMI_DEBUG_COMMANDS: "true" };
        const process = execa("pulumi", args, { cwd: workspace.workDir, env, all: true, reject: false });
        const { onOutput, onEvent } = this.listeners();
        process.all.setEncoding("utf8").on("data", onOutput);
        const { failed, all } = await process;
        if (failed) throw new Error(all);
        for (const line of (await readFile(log, "utf8")).split("\n").filter(Boolean)) onEvent(JSON.parse(line));
    }

    /** The text of the error of an operation that has to fail. */
    async refusal(operation: () => Promise<unknown>): Promise<string> {
        try {
            await operation();
        } catch (error) {
            return String(error);
        }
        throw new Error("this had to be refused, and was not");
    }

    /** Removes the state; what is deployed stays. */
    async forget(): Promise<void> {
        await rm(this.backend, { recursive: true, force: true });
    }

    /** An output's value, as text; empty when there is none. */
    async output(name: string): Promise<string> {
        return String((await this.outputs())[name] ?? "");
    }

    /** All outputs' values, by one process where the Automation API takes two. */
    async outputs(): Promise<Readonly<Record<string, unknown>>> {
        return JSON.parse(await this.command(["stack", "output", "--json", "--show-secrets"]));
    }

    private listeners() {
        this.changed = [];
        return { onOutput: this.listen, onError: this.listen, onEvent: this.note };
    }

    private readonly note = ({ timestamp, resourcePreEvent, diagnosticEvent }: automation.EngineEvent): void => {
        const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
        const at = new Date(timestamp * 1000);
        if (op !== "same" && op !== "read") {
            const name = urn.slice(urn.lastIndexOf("::") + 2);
            this.changed.push(name);
            this.progress.push({ at, text: `${op} ${name}` });
        }
        const { severity = "debug", message = "" } = diagnosticEvent ?? {};
        if (severity !== "debug" && message.trim() !== "") this.progress.push({ at, text: message.trim() });
    };

    private readonly listen = (text: string): void => {
        this.printed += text;
        if (process.env.DALLINGER_E2E_VERBOSE !== undefined) process.stderr.write(text);
    };
}

/** The values of a stack with a server of the lab and the example on it, by their paths below `dallinger:`. */
export function exampleConfiguration(lab: Lab, server: { address: string; user: string; hostKey: string }) {
    const own = { ...lab, servers: [{ name: "this", ...server }] };
    const pairs = demoConfiguration(own).filter((argument) => argument !== "--plaintext");
    return Object.fromEntries(
        pairs.map((pair) => [pair.slice("dallinger:".length, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
}
