import { once } from "node:events";
import { WebSocket } from "ws";
import type { Site } from "../../../support/site.ts";

/** A websocket to an experiment's /chat, which answers pings as a browser does and notes when it is closed. */
export class OpenWebSocket implements Disposable {
    private readonly socket: WebSocket;
    /** When it was closed, as `performance.now()` has it; nothing while it is open. */
    closedAt: number | undefined;
    /** The code that it was closed with. */
    closedWith: number | undefined;

    private constructor(socket: WebSocket) {
        this.socket = socket;
        socket.on("error", () => undefined);
        socket.on("close", (code) => {
            this.closedAt = performance.now();
            this.closedWith = code;
        });
    }

    /** Opens one. */
    static async open(site: Site, channel = "quorum"): Promise<OpenWebSocket> {
        const { ca, lookup } = site.target;
        const socket = new WebSocket(`wss://${site.hostname}/chat?channel=${channel}`, { ca, lookup });
        await once(socket, "open");
        return new OpenWebSocket(socket);
    }

    [Symbol.dispose](): void {
        this.socket.terminate();
    }
}
