/**
 * The program that ExperimentImage runs in the project's folder: builds the image with the user's own docker, pushes it, and
 * prints the commit and `repository@sha256:…` on its standard output. Everything else is on standard error.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { explain } from "../problems.ts";
import { type BuildContext, readBuildContext } from "./buildContext.ts";
import { fromEnvironment } from "./buildEnvironment.ts";
import { explainFailure, explainMissingDocker } from "./buildFailure.ts";
import { requireBuildSpace } from "./buildSpace.ts";
import { contentHash, type ImageSource } from "./contentHash.ts";
import { ChangedFileError, type ContextArchive, packContext } from "./contextArchive.ts";
import {
    type BuildRequest,
    buildArguments,
    inspectArguments,
    readInspection,
    readMetadata,
    taggedName,
} from "./dockerBuild.ts";
import { findCommit } from "./findCommit.ts";
import { renderBuildOutput } from "./imageName.ts";
import { imageSource } from "./imageSource.ts";
import { isTransferProgress, shownLines } from "./outputLines.ts";

/** Lines of output that a failure is explained by. */
const REMEMBERED_LINES = 400;

/** Milliseconds between two lines that only say how far a transfer is. */
const PROGRESS_INTERVAL = 3000;

/** Aborted when the deployment is cancelled: docker then stops, and the temporary files go. */
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interruption.abort());

await main();

async function main(): Promise<void> {
    try {
        const request = fromEnvironment(process.env);
        const context = readBuildContext(process.cwd(), request.path);
        if (context.problems.length > 0) throw new Error(explain(`of ${request.path}:`, context.problems));
        const source = imageSource(context, request);
        if (contentHash(source) !== request.contentHash) throw new Error(filesChanged(request));
        const digest = (await findPushed(request)) ?? (await buildAndPush(request, context, source));
        const commit = await findCommit(join(process.cwd(), request.path));
        process.stdout.write(renderBuildOutput({ reference: `${request.repository}@${digest}`, commit }));
    } catch (error) {
        say(`The image of the experiment was not built: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}

/** The digest of an image that somebody has built from the very same content. */
async function findPushed(request: BuildRequest): Promise<string | undefined> {
    const name = taggedName(request);
    const { failed, stdout } = await execa("docker", inspectArguments(name), {
        reject: false,
        timeout: 60_000,
        cancelSignal: interruption.signal,
    });
    interruption.signal.throwIfAborted();
    if (failed) return undefined;
    const { digest, contentHash } = readInspection(stdout);
    if (digest === undefined || contentHash !== request.contentHash) return undefined;
    say(`${name} is in the registry already, built from the same content.`);
    return digest;
}

async function buildAndPush(request: BuildRequest, context: BuildContext, source: ImageSource): Promise<string> {
    await requireBuildSpace(process.env);
    const folder = await mkdtemp(join(tmpdir(), "dallinger-image-"));
    const files = { archive: join(folder, "context.tar"), metadata: join(folder, "metadata.json") };
    try {
        // Packed as a whole before docker sees any of it: it would build from half an archive, too.
        await writeArchive(request, { files: context.files, template: source.template }, files.archive);
        say(
            `Building ${taggedName(request)} for ${request.platform} from ${context.files.length} files of ${request.path}`,
        );
        await runBuild(request, files);
        const digest = readMetadata(await readFile(files.metadata, "utf8")) ?? (await inspectDigest(request));
        say(`Pushed ${request.repository}@${digest}`);
        return digest;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

async function writeArchive(request: BuildRequest, content: ContextArchive, archive: string): Promise<void> {
    try {
        await writeFile(archive, packContext(content), { mode: 0o600 });
    } catch (error) {
        throw error instanceof ChangedFileError ? new Error(filesChanged(request)) : error;
    }
}

async function runBuild(request: BuildRequest, files: { archive: string; metadata: string }): Promise<void> {
    const build = execa("docker", buildArguments(request, files.metadata), {
        inputFile: files.archive,
        all: true,
        buffer: false,
        reject: false,
        cancelSignal: interruption.signal,
        env: { DOCKER_CLI_HINTS: "false", NO_COLOR: "1" },
    });
    const output = await follow(build.iterable({ from: "all" }));
    const { failed, code, isCanceled } = await build;
    if (isCanceled) throw new Error("it was interrupted");
    if (code === "ENOENT") throw new Error(explainMissingDocker());
    if (failed) throw new Error(explainFailure({ output, repository: request.repository }));
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

function say(line: string): void {
    process.stderr.write(`${line}\n`);
}
