/**
 * The program that ExperimentApp runs in the project's folder when no registry brings the image: sees to it that the server has the
 * image, and prints the commit and the image's id there on its standard output. Everything else is on standard error.
 *
 * Its standard input is the stack's own ssh key, or nothing.
 */
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { buildEnvironment } from "../../../image/build/buildEnvironment.ts";
import { type BuildRequest, taggedName } from "../../../image/build/dockerBuild.ts";
import { findCommit, renderBuildOutput } from "../../../image/build/imageName.ts";
import { abortedOnCancellation } from "../../../local/cancellation.ts";
import { say } from "../../../local/say.ts";
import { asRoot } from "../../../remote/commandLine.ts";
import { ServerSession } from "../../../remote/serverSession.ts";
import { appDoor } from "../doors.ts";
import { buildOnServer } from "./buildOnServer.ts";
import { type Destination, destinationEnvironment } from "./deliveryEnvironment.ts";
import { sendImage } from "./sendImage.ts";

const signal = abortedOnCancellation();

await main();

async function main(): Promise<void> {
    try {
        const build = buildEnvironment.read(process.env);
        const destination = destinationEnvironment.read(process.env);
        const id = await deliver(build, destination, await text(process.stdin));
        const commit = await findCommit(join(process.cwd(), build.path));
        say(`${destination.host} has ${taggedName(build)} as ${id}`);
        process.stdout.write(renderBuildOutput({ reference: id, commit }));
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        say(`The image of the experiment did not get to the server: ${reason}`);
        process.exitCode = 1;
    }
}

/** The server is asked first: what it has, made from the same content, is neither built nor sent. */
async function deliver(build: BuildRequest, server: Destination, privateKey: string): Promise<string> {
    const way = build.delivery === "server" ? buildOnServer : sendImage;
    const words = [build.contentHash, taggedName(build), server.freeSpace];
    const command = asRoot(server.user, appDoor(server.app), "deliver", ...words);
    await using session = await ServerSession.open({
        ...{ server, privateKey, command, say, signal },
        forwarding: way.forwarding,
    });
    const known = readAnswer(await session.answer());
    if (known !== undefined) return known;
    const brought = readAnswer(await way.bring({ request: build, session, say, signal }));
    if (brought === undefined) throw new Error("the server does not have it, though it said nothing");
    return brought;
}

/** The image's id; nothing when the server does not have it. */
function readAnswer(line: string): string | undefined {
    return /^there (sha256:[0-9a-f]{64})$/.exec(line)?.[1];
}
