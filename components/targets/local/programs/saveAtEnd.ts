/**
 * The program that is run before an experiment on this machine goes: saves its data, unless nobody wants it, and removes the containers
 * that are in the place of the stack's.
 */
import { relative } from "node:path";
import { forReader } from "../../../local/readersCommands.ts";
import { say } from "../../../local/say.ts";
import { containersOf, docker } from "../engineCommand.ts";
import { localRequest } from "../localRequest.ts";
import { saveData } from "../savedData.ts";
import { foreignContainers } from "../takenOver.ts";

const request = localRequest.read(process.env);
const { engine } = request;

// Stacks of before have it run with another word when the experiment is made.
if (process.argv[2] === "remove") await end();

async function end(): Promise<void> {
    const processes = (await containersOf(request, "web", "clock", "worker")).map(({ id }) => id);
    try {
        // Each as long as it needs for its end, which what removes them would not wait for.
        if (processes.length > 0) await docker(engine, ["stop", ...processes]);
        if (request.save) await save();
        const others = (await foreignContainers(engine, request)).map(({ id }) => id);
        if (others.length > 0) await docker(engine, ["rm", "-f", "-v", ...others]);
    } catch (error) {
        // It goes on as it was.
        if (processes.length > 0) await docker(engine, ["start", ...processes]).catch(() => {});
        const reason = error instanceof Error ? error.message : String(error);
        process.exitCode = 1;
        if (!request.save) return say(`The processes could not be stopped, so nothing is removed: ${reason}`);
        say(`The data could not be saved, so nothing is removed: ${reason}`);
        say(
            forReader(
                "to give it up: `pulumi config set --path dallinger:experiment.local.save false`, `pulumi up`, then again",
            ),
        );
    }
}

async function save(): Promise<void> {
    const stores = (await containersOf(request, "postgres", "redis")).map(({ id }) => id);
    if (stores.length === 0) return await requireNoData();
    await docker(engine, ["start", ...stores]);
    say("saving the database, files, Redis and logs");
    say(`the data is saved in ${relative(process.cwd(), await saveData(request, new Date()))}`);
}

/** Somebody may have removed the containers and not the data, as `docker compose down` does. */
async function requireNoData(): Promise<void> {
    const volumes = await docker(engine, ["volume", "ls", "-q", "--filter", `name=^${request.project}-postgres$`]);
    if (volumes.trim() === "") return say("there is no database: nothing to save");
    throw new Error(
        "the database is there and its container is not: `up --refresh` brings it back, then destroy again",
    );
}
