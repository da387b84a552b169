import { OpenWebSocket } from "../../stories/steps/releases/webSocket.ts";
import type { Site } from "../../support/site.ts";
import type { Share } from "../results/measurements.ts";

const number = 5;

/** Websockets that participants hold open. Disposing them closes those that still are. */
export class HeldWebSockets implements Disposable {
    private readonly sockets: readonly OpenWebSocket[];

    private constructor(sockets: readonly OpenWebSocket[]) {
        this.sockets = sockets;
    }

    static async open(site: Site): Promise<HeldWebSockets> {
        return new HeldWebSockets(await Promise.all(Array.from({ length: number }, () => OpenWebSocket.open(site))));
    }

    /** How many somebody else has closed. */
    get closed(): Share {
        const closed = this.sockets.filter(({ closedAt }) => closedAt !== undefined);
        return { lost: closed.length, of: this.sockets.length };
    }

    [Symbol.dispose](): void {
        for (const socket of this.sockets) socket[Symbol.dispose]();
    }
}
