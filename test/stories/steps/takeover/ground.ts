import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { formerApp, formerServer } from "./formerConfiguration.ts";
import { formerProject } from "./formerProject.ts";

/** Stacks, and names, of the apps that the former program deploys. */
export const apps = ["recall", "killed", "untouched"] as const;

/** One of them. */
export type App = (typeof apps)[number];

/** Stands at the end of one of the present program's scripts. */
export const present = /^# the present program's$/m;

/** A server, and an operator whose stacks are of the former program; nothing is up. */
export interface Ground extends AsyncDisposable {
    readonly server: TestServer;
    /** Works with the former program. */
    readonly former: Operator;
    /** Sets up the same operator with the present program, and the former's configuration and state. */
    present(): Promise<Operator>;
}

/** Makes the ground, with the program of a commit as the former one. Disposing it takes the server and everything else away. */
export async function newGround(commit: string): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const stacks = ["server", ...apps];
    const person = { key: lab.key, backend, stacks };
    const former = made.use(await operatorWith({ ...person, project: () => formerProject(commit) }));
    // The experiment is the operator's own and no part of either checkout: what changes is the program and nothing else.
    const experiment = await mkdtemp(join(tmpdir(), "e2e-experiment-"));
    made.defer(() => rm(experiment, { recursive: true, force: true }));
    await cp(join(former.folder, "examples/recall"), experiment, { recursive: true });
    const server = made.use(await quietServer("takeover", equippedServer));
    await former.stack("server").configure(formerServer(lab, server));
    for (const app of apps) {
        await former.stack(app).configure(formerApp(lab, app, `../../${basename(experiment)}`));
        await former.stack(app).configureSecrets({ "secrets.prolific_api_token": `the token of ${app}` });
    }
    const kept = made.move();
    const setUp = async () => {
        const operator = kept.use(await operatorWith({ ...person, colleague: former }));
        // Even where nothing else of the program has changed, the apps' claims have something to do.
        await appendFile(join(operator.folder, "templates/app/prune.sh"), "\n# the present program's\n");
        return operator;
    };
    return { server, former, present: setUp, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
