import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BuildRequest, taggedName } from "../../../image/build/dockerBuild.ts";
import { formatSize } from "../../../image/files/sizeLimit.ts";
import type { ServerSession } from "../../../remote/serverSession.ts";
import { ImageServer } from "./imageServer.ts";
import { runBuild } from "./runBuild.ts";
import { saveImage } from "./savedImage.ts";

/** What a way of delivery works with. */
interface WayArgs {
    readonly request: BuildRequest;
    /** The conversation with the verb `deliver`, which has said that the server does not have the image. */
    readonly session: ServerSession;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
}

/** A way on which an image gets to a server that does not have it. */
export interface Way {
    /** Options of `ssh` that forward what it needs, given a folder for sockets. */
    readonly forwarding: (folder: string) => readonly string[];
    /** Brings the image, and gives what the verb says then. */
    readonly bring: (args: WayArgs) => Promise<string>;
}

/** Milliseconds between two lines that only say how much was sent. */
const PROGRESS_INTERVAL = 3000;

const socketIn = (folder: string) => join(folder, "registry");

/** By ssh from here: a registry of one image, which the server reaches through the connection, pulling what it does not have. */
export const sendImage: Way = {
    // The server's sshd chooses the port, on its loopback.
    forwarding: (folder) => ["-R", `127.0.0.1:0:${socketIn(folder)}`],
    bring: async ({ request, session, say, signal }) => {
        // The engine here has it already, unless another machine's has built it.
        await runBuild({ request, signal });
        const folder = join(session.folder, "image");
        await mkdir(folder);
        const image = await saveImage(taggedName(request), folder, signal);
        const size = formatSize(image.layers.reduce((sum, layer) => sum + layer.size, 0));
        await using registry = await ImageServer.listen(image, socketIn(session.folder));
        say(`Sending what the server does not have of ${taggedName(request)}: ${image.layers.length} layers, ${size}`);
        using _ = repeat(() => say(`sent ${formatSize(registry.sent)} of ${size}`));
        session.tell(`pull 127.0.0.1:${await session.forwardedPort()}/${registry.reference}`);
        const answer = await session.answer();
        say(`Sent ${formatSize(registry.sent)} of ${size}, before compression`);
        return answer;
    },
};

function repeat(action: () => void): Disposable {
    const timer = setInterval(action, PROGRESS_INTERVAL);
    return { [Symbol.dispose]: () => clearInterval(timer) };
}
