/**
 * The program that writes the folder of an experiment on this machine: `write`, with the files and the image as JSON on its standard
 * input, has the engine look whether it sees them, and ends when there is a network for the containers; and removes it, with the images
 * that were built for the experiment: `remove`. The folder belongs to who deploys, and nobody else may enter it.
 */
import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { baseNames, WATCHING_FOR_LABEL } from "../../../image/build/watching.ts";
import { forReader } from "../../../local/readersCommands.ts";
import { say } from "../../../local/say.ts";
import { docker } from "../engineCommand.ts";
import { requireSight } from "../engineSight.ts";
import { LOCAL_FILES, REPOSITORIES_FILE } from "../localFolder.ts";
import { isLocalFolder } from "../localNames.ts";
import { localRequest } from "../localRequest.ts";
import { keepState, readState } from "../writtenState.ts";

const toKeep = z.object({ image: z.string(), files: z.record(z.string(), z.string()) });
/** Seconds in which the network has to be there. */
const PATIENCE = 30;
const { folder, engine, repository, project } = localRequest.read(process.env);
if (!isLocalFolder(folder)) throw new Error(`${folder} is no folder of an experiment on this machine`);
const place = resolve(folder);

if (process.argv[2] === "remove") await remove();
else await make(toKeep.parse(JSON.parse(await text(process.stdin))));

async function make({ image, files }: z.infer<typeof toKeep>): Promise<void> {
    const isNew = !existsSync(place);
    await write(files);
    try {
        await Promise.all([requireSight({ engine, image, folder: join(place, LOCAL_FILES.start) }), requireNetwork()]);
    } catch (error) {
        // Pulumi does not know of what it has not been able to make.
        if (isNew) await removeFolder();
        say(`The experiment cannot run on this machine: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}

/** It is on its way when the folder is written, or was there before. */
async function requireNetwork(): Promise<void> {
    for (const until = Date.now() + 1000 * PATIENCE; Date.now() < until; await sleep(200)) {
        if ((await docker(engine, ["network", "ls", "-q", "--filter", `name=^${project}$`])) !== "") return;
    }
    throw new Error(forReader(`there is no network ${project} for the containers: \`pulumi up --refresh\` makes it`));
}

/** Containers see these files themselves: each is replaced by a whole one. */
async function write(files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(join(place, LOCAL_FILES.files), { recursive: true });
    await chmod(place, 0o700);
    // The experiment's to write, and never begun anew.
    await appendFile(join(place, LOCAL_FILES.log), "", { mode: 0o600 });
    for (const [path, content] of Object.entries(files)) {
        const file = join(place, path);
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(`${file}.new`, content, { mode: 0o600 });
        await rename(`${file}.new`, file);
    }
    // An app that gets another name builds for another repository.
    await keepState(folder, REPOSITORIES_FILE, await repositories());
    say(`the containers' compose file is ${join(folder, LOCAL_FILES.compose)}`);
}

async function remove(): Promise<void> {
    for (const built of await repositories()) await removeImages(built);
    await removeFolder();
}

async function removeFolder(): Promise<void> {
    await rm(place, { recursive: true, force: true });
    // Of the last experiment.
    await rmdir(dirname(place)).catch(() => {});
}

/** All that images have been built for. */
async function repositories(): Promise<string[]> {
    const known = await readState(folder, REPOSITORIES_FILE, z.array(z.string()), []);
    return [...new Set([...known, repository])].filter((name) => name !== "");
}

/** One that another container was made from stays: docker refuses to remove it. */
async function removeImages(built: string): Promise<void> {
    const ids = await docker(engine, [
        "image",
        "ls",
        "-q",
        "--no-trunc",
        "--filter",
        `label=${WATCHING_FOR_LABEL}=${built}`,
    ]);
    const bases = await docker(engine, [
        "image",
        "ls",
        "--filter",
        `reference=${baseNames(built)}`,
        "--format",
        "{{.Repository}}:{{.Tag}}",
    ]);
    for (const image of new Set(`${ids}\n${bases}`.split("\n").filter((line) => line !== ""))) {
        await docker(engine, ["image", "rm", image]).catch(() => {});
    }
}
