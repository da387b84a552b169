import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, TestStack } from "../../../support/testStack.ts";
import { type GitHost, gitHost, packageName } from "./gitHost.ts";

/** An experiment that needs a private package, and an operator whose agent has the key of the server and not yet that of the package. */
export interface Ground extends AsyncDisposable {
    readonly lab: Lab;
    readonly server: TestServer;
    readonly host: GitHost;
    readonly operator: Operator;
    readonly stack: TestStack;
    /** The same stack of somebody who has no ssh agent. */
    readonly withoutAgent: TestStack;
    /** Path of the key that opens the package's repository. */
    readonly key: string;
}

/** Makes the ground. Disposing it takes everything away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const scratch = await mkdtemp(join(tmpdir(), "private-"));
    made.defer(() => rm(scratch, { recursive: true, force: true }));
    const [key, backend] = [join(scratch, "deploy-key-of-the-package"), await mkdtemp(join(scratch, "state-"))];
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    const host = made.use(await gitHost((await readFile(`${key}.pub`, "utf8")).trim()));
    const server = made.use(await quietServer("private", equippedServer));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: ["private"] }));
    const { folder } = operator;
    const stack = operator.stack("private");
    const withoutAgent = await TestStack.create({ folder, lab, agent: "", backend, name: "private" });
    await needPackage(folder, host);
    await stack.configure(exampleConfiguration(lab, server));
    const kept = made.move();
    const dispose = () => kept.disposeAsync();
    return { lab, server, host, operator, stack, withoutAgent, key, [Symbol.asyncDispose]: dispose };
}

/** Gives the operator's agent the key of the package. */
export async function addKey({ operator, key }: Ground): Promise<void> {
    await execa("ssh-add", ["-q", key], { env: { SSH_AUTH_SOCK: operator.agent } });
}

/** The example asks for the package, and does not start without it. */
async function needPackage(project: string, { requirement, pin }: GitHost): Promise<void> {
    const folder = join(project, "examples/recall");
    await appendFile(join(folder, "requirements.txt"), `${requirement}\n`);
    await appendFile(join(folder, "constraints.txt"), `${pin}\n`);
    await appendFile(
        join(folder, "experiment.py"),
        `\nfrom ${packageName} import WORDS as PRIVATE_WORDS  # noqa: E402\n\nassert PRIVATE_WORDS\n`,
    );
}
