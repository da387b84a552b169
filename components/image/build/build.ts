/**
 * The program that ExperimentImage runs in the project's folder: builds the image with the user's own docker, pushes it unless it
 * is to be delivered in another way, and prints the commit and `repository@sha256:…` (or the image's id) on its standard output.
 * Everything else is on standard error.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { explain } from "../../configuration/checking/problems.ts";
import { abortedOnCancellation } from "../../local/cancellation.ts";
import { say } from "../../local/say.ts";
import { ChangedFileError, packContext } from "../context/contextArchive.ts";
import { type ImagePlan, planImage } from "../context/imagePlan.ts";
import { checkAgent } from "../packages/agentAccess.ts";
import { buildEnvironment } from "./buildEnvironment.ts";
import { explainFailure, explainMissingDocker, isPassing } from "./buildFailure.ts";
import { requireBuildSpace } from "./buildSpace.ts";
import {
    type BuildRequest,
    buildArguments,
    inspectArguments,
    readInspection,
    readMetadata,
    taggedName,
} from "./dockerBuild.ts";
import { findCommit, renderBuildOutput } from "./imageName.ts";
import { findLoaded, requireLoaded } from "./loadedImage.ts";
import { isTransferProgress, shownLines } from "./outputLines.ts";
import { describePushed, manifestArguments } from "./pushedSize.ts";
import { watchingArguments, withoutWatching } from "./watching.ts";

/** Lines of output that a failure is explained by. */
const REMEMBERED_LINES = 400;

/** Milliseconds before what a registry has refused for the moment is pushed again; after the last it has failed. */
const PUSH_PAUSES: readonly number[] = [2000, 10_000];

/** Milliseconds between two lines that only say how far a transfer is. */
const PROGRESS_INTERVAL = 3000;

const cancelled = abortedOnCancellation();

await main();

async function main(): Promise<void> {
    try {
        const request = buildEnvironment.read(process.env);
        // How much there may be was said when the hash was made.
        const plan = planImage(process.cwd(), { ...request, maxSize: Number.POSITIVE_INFINITY });
        if (plan.problems.length > 0) throw new Error(explain(`of ${request.path}:`, plan.problems));
        if (plan.contentHash !== request.contentHash) throw new Error(filesChanged(request));
        const [built, commit] = await Promise.all([findBuilt(request), findCommit(join(process.cwd(), request.path))]);
        const reference = built ?? (await build(request, plan));
        say(await describe(request, reference));
        process.stdout.write(renderBuildOutput({ reference, commit }));
    } catch (error) {
        say(`The image of the experiment was not built: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}

function isPushed({ delivery = "registry" }: BuildRequest): boolean {
    return delivery === "registry";
}

/** An image that somebody has built from the very same content. */
async function findBuilt(request: BuildRequest): Promise<string | undefined> {
    if (!isPushed(request)) return await findLoaded(request, cancelled);
    const digest = await findPushed(request);
    return digest === undefined ? undefined : `${request.repository}@${digest}`;
}

async function findPushed(request: BuildRequest): Promise<string | undefined> {
    const name = taggedName(request);
    const { failed, stdout } = await execa("docker", inspectArguments(name), {
        reject: false,
        timeout: 60_000,
        cancelSignal: cancelled,
    });
    cancelled.throwIfAborted();
    if (failed) return undefined;
    const { digest, contentHash } = readInspection(stdout);
    if (digest === undefined || contentHash !== request.contentHash) return undefined;
    say(`${name} is in the registry already, built from the same content: nothing is built or pushed.`);
    return digest;
}

async function build(request: BuildRequest, plan: ImagePlan): Promise<string> {
    const { usesAgent, repositories } = plan;
    if (usesAgent) await checkAgent({ repositories, knownHosts: request.knownHosts, signal: cancelled });
    // Of the server, whose engine this is then, it has been asked there.
    if (request.delivery !== "server") await requireBuildSpace(process.env);
    const folder = await mkdtemp(join(tmpdir(), "dallinger-image-"));
    const files = { archive: join(folder, "context.tar"), metadata: join(folder, "metadata.json") };
    try {
        // Packed as a whole before docker sees any of it: it would build from half an archive, too.
        await writeArchive(request, plan, files.archive);
        say(
            `Building ${taggedName(request)} for ${request.platform} from ${plan.files.length} files of ${request.path}`,
        );
        for (const pause of [...PUSH_PAUSES, undefined]) {
            const bare = request.watching === undefined ? request : withoutWatching(request);
            const args = buildArguments(bare, files.metadata, usesAgent);
            if (await runBuild(request, args, { inputFile: files.archive, isLast: pause === undefined })) break;
            say("The registry did not take the image; the push begins again in a moment.");
            await setTimeout(pause, undefined, { signal: cancelled });
        }
        if (request.watching !== undefined) await addWatching(request, plan);
        if (!isPushed(request)) return await requireLoaded(request, cancelled);
        const digest = readMetadata(await readFile(files.metadata, "utf8")) ?? (await inspectDigest(request));
        return `${request.repository}@${digest}`;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** The image that it is put on top of stays, under a name of its own: another build may have made the same one. */
async function addWatching(request: BuildRequest, { bases, ownDockerfile }: ImagePlan): Promise<void> {
    say("Adding what follows edits of the experiment's files");
    const options = { cancelSignal: cancelled, timeout: 60_000 };
    const name = taggedName(withoutWatching(request));
    const { stdout: user } = await execa("docker", ["image", "inspect", "--format", "{{.Config.User}}", name], options);
    const { stdout: builder } = await execa("docker", ["context", "show"], options);
    const python = ownDockerfile ? undefined : bases[0]?.image;
    const args = watchingArguments(request, { builder: builder.trim(), user: user.trim(), python });
    await runBuild(request, args, { inputFile: "/dev/null", isLast: true });
}

/** The last word: which image it is, and how big. */
async function describe(request: BuildRequest, reference: string): Promise<string> {
    if (!isPushed(request)) return `${taggedName(request)} is ${reference}`;
    const options = { reject: false, timeout: 60_000, cancelSignal: cancelled };
    const { stdout = "" } = await execa("docker", manifestArguments(reference), options);
    const size = describePushed(stdout);
    return size === undefined ? reference : `${reference}: ${size}`;
}

async function writeArchive(request: BuildRequest, plan: ImagePlan, archive: string): Promise<void> {
    try {
        await writeFile(archive, packContext(plan.archive), { mode: 0o600 });
    } catch (error) {
        throw error instanceof ChangedFileError ? new Error(filesChanged(request)) : error;
    }
}

/** @returns whether it is built and pushed; `false` where the push may succeed in a moment, unless it is the last time. */
async function runBuild(
    request: BuildRequest,
    args: readonly string[],
    { inputFile, isLast }: { inputFile: string; isLast: boolean },
): Promise<boolean> {
    const build = execa("docker", args, {
        inputFile,
        all: true,
        buffer: false,
        reject: false,
        cancelSignal: cancelled,
        env: { DOCKER_CLI_HINTS: "false", NO_COLOR: "1" },
    });
    const output = await follow(build.iterable({ from: "all" }));
    const { failed, code, isCanceled } = await build;
    if (isCanceled) throw new Error("it was interrupted");
    if (code === "ENOENT") throw new Error(explainMissingDocker());
    if (failed && !isLast && isPassing(output)) return false;
    if (failed) throw new Error(explainFailure({ output, repository: request.repository }));
    return true;
}

/** Passes the output on as it comes, and returns the end of it. */
async function follow(texts: AsyncIterable<string>): Promise<string[]> {
    const output: string[] = [];
    let shownProgress = 0;
    for await (const line of lines(texts)) {
        if (isTransferProgress(line)) {
            if (Date.now() - shownProgress < PROGRESS_INTERVAL) continue;
            shownProgress = Date.now();
        }
        say(line);
        output.push(line);
        if (output.length > REMEMBERED_LINES) output.shift();
    }
    return output;
}

async function* lines(texts: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const text of texts) yield* shownLines(text);
}

async function inspectDigest(request: BuildRequest): Promise<string> {
    const { stdout } = await execa("docker", inspectArguments(taggedName(request)), { reject: false });
    const { digest } = readInspection(stdout ?? "");
    if (digest === undefined)
        throw new Error(`it was pushed, but the registry does not tell the digest of ${taggedName(request)}`);
    return digest;
}

function filesChanged({ path }: BuildRequest): string {
    return `the files of ${path} changed while it was being deployed: run it again`;
}
