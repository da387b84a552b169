import { get } from "node:http";
import { join } from "node:path";
import { runBuild } from "./runBuild.ts";
import type { Way } from "./sendImage.ts";

const socketIn = (folder: string) => join(folder, "docker");

/** By the server's own engine, which docker here reaches through the connection: the files of the experiment travel, and no layer. */
export const buildOnServer: Way = {
    forwarding: (folder) => ["-L", `${socketIn(folder)}:/var/run/docker.sock`],
    bring: async ({ request, session, signal }) => {
        const socket = socketIn(session.folder);
        await requireEngine(socket);
        // Whatever engine the user has chosen, and however it is reached, is not meant.
        const engine = { DOCKER_HOST: `unix://${socket}`, DOCKER_TLS_VERIFY: undefined, DOCKER_CERT_PATH: undefined };
        await runBuild({ request, engine, signal });
        session.tell("built");
        return await session.answer();
    },
};

/** What docker says of an engine that it cannot reach is about engines here. */
async function requireEngine(socketPath: string): Promise<void> {
    const status = await new Promise((resolve) => {
        const request = get({ socketPath, path: "/_ping", timeout: 15_000 }, (answer) => {
            answer.resume();
            resolve(answer.statusCode);
        });
        request.on("timeout", () => request.destroy());
        request.on("error", () => resolve(undefined));
    });
    if (status === 200) return;
    throw new Error(
        "the server's docker is not to be had by ssh: its sshd has to allow it (AllowStreamLocalForwarding in /etc/ssh/sshd_config), and the user has to be of the group `docker` there; or use another dallinger:experiment.image.delivery",
    );
}
