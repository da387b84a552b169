/**
 * The program that ExperimentApp runs in the project's folder when no registry brings the image: sees to it that the server has the
 * image, and prints the commit and the image's id there on its standard output. Everything else is on standard error.
 *
 * Its standard input is the stack's own ssh key, or nothing.
 */
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { taggedName } from "../../../image/build/dockerBuild.ts";
import { findCommit, renderBuildOutput } from "../../../image/build/imageName.ts";
import { asRoot } from "../../../remote/commandLine.ts";
import { ServerSession } from "../../../remote/serverSession.ts";
import { appDoor } from "../doors.ts";
import { buildOnServer } from "./buildOnServer.ts";
import { type DeliveryRequest, fromDeliveryEnvironment } from "./deliveryEnvironment.ts";
import { sendImage } from "./sendImage.ts";

/** Aborted when the deployment is cancelled: ssh and docker then stop, and the temporary files go. */
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interruption.abort());

await main();

async function main(): Promise<void> {
    try {
        const request = fromDeliveryEnvironment(process.env);
        const id = await deliver(request, await text(process.stdin));
        const commit = await findCommit(join(process.cwd(), request.build.path));
        say(`${request.server.host} has ${taggedName(request.build)} as ${id}`);
        process.stdout.write(renderBuildOutput({ reference: id, commit }));
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        say(`The image of the experiment did not get to the server: ${reason}`);
        process.exitCode = 1;
    }
}

/** The server is asked first: what it has, made from the same content, is neither built nor sent. */
async function deliver({ build, server, app, freeSpace }: DeliveryRequest, privateKey: string): Promise<string> {
    const way = build.delivery === "server" ? buildOnServer : sendImage;
    const command = asRoot(server.user, appDoor(app), "deliver", build.contentHash, taggedName(build), freeSpace);
    const { signal } = interruption;
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

function say(line: string): void {
    process.stderr.write(`${line}\n`);
}
