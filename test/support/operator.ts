import { cp } from "node:fs/promises";
import { join } from "node:path";
import { agentWith } from "./testAgent.ts";
import { testLab } from "./testLab.ts";
import { copyProject } from "./testProject.ts";
import { TestStack } from "./testStack.ts";

/** Who works, and where. */
export interface OperatorOptions {
    /** Path of the private key in the operator's ssh agent. */
    readonly key: string;
    /** Folder of the state, which operators share. */
    readonly backend: string;
    /** Names of the stacks that the operator works with. */
    readonly stacks: readonly string[];
    /** What is different in the environment of this operator. */
    readonly environment?: Readonly<Record<string, string>>;
    /** The operator whose configuration this one has got, as by `git pull`. */
    readonly colleague?: Operator;
    /** Makes the checkout. Defaults to a copy of the project that is tested. */
    readonly project?: typeof copyProject;
}

/** A person with a checkout and an ssh agent of their own. */
export interface Operator extends AsyncDisposable {
    readonly folder: string;
    /** Socket of the ssh agent. */
    readonly agent: string;
    stack(name: string): TestStack;
}

/** Sets an operator up. Disposing it ends the agent and removes the checkout. */
export async function operatorWith(options: OperatorOptions): Promise<Operator> {
    const { key, backend, stacks, colleague, project = copyProject } = options;
    const lab = await testLab();
    await using made = new AsyncDisposableStack();
    const copy = made.use(await project());
    const { folder } = copy;
    const environment = { ...copy.environment, ...options.environment };
    const { socket } = made.use(await agentWith(key));
    const own = new Map<string, TestStack>();
    for (const name of stacks) {
        const file = `stacks/Pulumi.${name}.yaml`;
        if (colleague !== undefined) await cp(join(colleague.folder, file), join(folder, file));
        own.set(name, await TestStack.create({ folder, lab, agent: socket, backend, name, environment }));
    }
    const stack = (name: string) => {
        const found = own.get(name);
        if (found === undefined) throw new Error(`this operator has no stack ${name}`);
        return found;
    };
    const kept = made.move();
    return { folder, agent: socket, stack, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
