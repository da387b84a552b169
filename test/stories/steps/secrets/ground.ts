import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import { bareServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { copyProject } from "../../../support/testProject.ts";
import { exampleConfiguration, TestStack } from "../../../support/testStack.ts";
import { awkwardSecret, generatedSecrets, keySecrets, serverSecrets } from "./deploymentSecrets.ts";
import { type ExecEvents, listenToExecutions } from "./execEvents.ts";
import { OperatorPlaces } from "./operatorPlaces.ts";
import type { Secret } from "./secretForms.ts";
import type { Finding, SecretSearch } from "./secretSearch.ts";
import { initOf, ServerPlaces } from "./serverPlaces.ts";

/** A deployment whose secrets are known, and everything that it could leave them in. */
export interface Ground extends AsyncDisposable {
    readonly lab: Lab;
    readonly server: TestServer;
    /** Folder of the project's copy. */
    readonly folder: string;
    /** The operator's folder for temporary files. */
    readonly temporary: string;
    readonly stack: TestStack;
    /** The kernel's events from before the server was there. */
    readonly events: ExecEvents;
    readonly operatorPlaces: OperatorPlaces;
    readonly serverPlaces: ServerPlaces;
    /** Secrets that are known to this test, by name; more are added as they are made. */
    readonly known: Map<string, string>;
}

/** Sets up a bare server and an operator who has no ssh agent: the stack has a deploy key. */
export async function newGround(): Promise<Ground> {
    const since = new Date();
    await using made = new AsyncDisposableStack();
    const events = made.use(await listenToExecutions());
    const lab = await testLab();
    const server = made.use(await bareServer("secrets"));
    const copy = made.use(await copyProject());
    const { folder } = copy;
    const scratch = await mkdtemp(join(tmpdir(), "secrets-"));
    made.defer(() => rm(scratch, { recursive: true }));
    const [backend, temporary] = [join(scratch, "state"), join(scratch, "temporary")];
    await mkdir(backend);
    await mkdir(temporary);
    const passphrase = awkwardSecret();
    const environment = { ...copy.environment, PULUMI_CONFIG_PASSPHRASE: passphrase, TMPDIR: temporary };
    const stack = await TestStack.create({ folder, lab, agent: "", backend, environment });
    const operatorPlaces = new OperatorPlaces(stack, lab, since);
    const serverPlaces = new ServerPlaces(server, await initOf(server), since);
    const known = new Map([["the passphrase", passphrase]]);
    const places = { operatorPlaces, serverPlaces };
    const kept = made.move();
    const dispose = () => kept.disposeAsync();
    return { lab, server, folder, temporary, stack, events, ...places, known, [Symbol.asyncDispose]: dispose };
}

/** Configures the example with secrets that every encoding changes. */
export async function configure({ lab, server, stack, known }: Ground): Promise<void> {
    const secrets = { prolific_api_token: awkwardSecret(), smtp_password: awkwardSecret() };
    await stack.configure(exampleConfiguration(lab, server));
    await setSecrets(stack, known, secrets);
    await stack.configureSecrets({ "serverSecrets.privateKey": await readFile(lab.key, "utf8") });
}

/** Looks at the app on its server by `./ops/dallinger`, as one who has no ssh agent. */
export async function checkWithoutAgent({ folder, stack }: Ground) {
    const options = { cwd: folder, env: { ...stack.environment, SSH_AUTH_SOCK: "" }, reject: false } as const;
    const ending = ["--stack", stack.stack.name];
    const check = await execa(join(folder, "ops/dallinger"), ["check", ...ending], options);
    const backups = await execa(join(folder, "ops/dallinger"), ["backups", "list", ...ending], options);
    return [check.exitCode, check.stderr, backups.exitCode, backups.stderr];
}

/** Sets secrets of the experiment; what they were is still not to be seen. */
export async function setSecrets(
    stack: TestStack,
    known: Map<string, string>,
    secrets: Readonly<Record<string, string>>,
): Promise<void> {
    for (const [name, value] of Object.entries(secrets)) {
        known.set(`${name} (${[...known.keys()].filter((key) => key.startsWith(name)).length + 1})`, value);
        await stack.configureSecrets({ [`secrets.${name}`]: value });
    }
}

/** All secrets that there are by now or have been: one that is gone from the state may lie about nevertheless. */
export async function allSecrets({ lab, server, stack, known }: Ground): Promise<Secret[]> {
    const found = [
        ...keySecrets("the deploy key", await readFile(lab.key, "utf8")),
        ...(await generatedSecrets(stack)),
        ...(await serverSecrets(server)),
    ];
    for (const { name, value } of found) known.set(name, value);
    return [...known].map(([name, value]) => ({ name, value }));
}

/** Searches operator and server. */
export async function searchMachines(
    { operatorPlaces, serverPlaces }: Ground,
    search: SecretSearch,
): Promise<Finding[]> {
    return (await Promise.all([operatorPlaces.search(search), serverPlaces.search(search)])).flat();
}

/** Makes the experiment of the project's copy show its environment in many encodings whenever it is asked for its summary. */
export async function makeTalkative(folder: string): Promise<void> {
    const talkative = await readFile(join(import.meta.dirname, "tellTale.py"), "utf8");
    await appendFile(join(folder, "examples/recall/experiment.py"), talkative);
}
