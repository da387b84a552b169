import { randomBytes } from "node:crypto";
import { request } from "node:https";
import type { Socket } from "node:net";
import type { Site } from "../site.ts";

/** A websocket to an experiment's /chat, which notes when it is closed. */
export class OpenWebSocket implements Disposable {
    private readonly socket: Socket;
    /** When it was closed, as `performance.now()` has it; nothing while it is open. */
    closedAt: number | undefined;

    private constructor(socket: Socket) {
        this.socket = socket;
        socket.on("error", () => undefined);
        socket.on("close", () => {
            this.closedAt = performance.now();
        });
        // What comes is not looked at, and has to be taken.
        socket.resume();
    }

    /** Opens one. */
    static async open(site: Site, channel = "quorum"): Promise<OpenWebSocket> {
        const upgrade = {
            Connection: "Upgrade",
            Upgrade: "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
        };
        return await new Promise((resolve, reject) => {
            const sent = request({ ...site.target, path: `/chat?channel=${channel}`, agent: false, headers: upgrade });
            sent.on("upgrade", (_response, socket) => resolve(new OpenWebSocket(socket)));
            sent.on("response", ({ statusCode }) => reject(new Error(`no websocket, but status ${statusCode}`)));
            sent.on("error", reject);
            sent.end();
        });
    }

    [Symbol.dispose](): void {
        this.socket.destroy();
    }
}
