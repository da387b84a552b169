import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";

/** What a connection has been used for so far. */
interface Use {
    requests: number;
    /** As `performance.now()` has it. */
    lastAnswer: number;
}

const uses = new WeakMap<Socket, Use>();

/** How a request went: the connection that it took, and how far it got, with milliseconds since it was made. */
export class Course {
    private readonly began = performance.now();
    private readonly reached: string[] = [];
    private connection = "no connection";

    /** Notes from now on what becomes of a request that has just been made. */
    follow(request: ClientRequest): this {
        request.on("socket", (socket) => this.take(request, socket));
        request.on("finish", () => this.reach("request written"));
        request.on("response", (response) => {
            this.reach(`headers with status ${response.statusCode}`);
            response.on("end", () => this.reach("body"));
            response.on("aborted", () => this.reach("body broken off"));
        });
        request.on("error", (error: NodeJS.ErrnoException) => this.reach(error.code ?? error.message));
        return this;
    }

    /** One line for a person. */
    toString(): string {
        return `${this.connection}: ${this.reached.join(", ")}`;
    }

    private take(request: ClientRequest, socket: Socket): void {
        const used = uses.get(socket);
        const port = () => (socket.localPort === undefined ? "no port yet" : `local port ${socket.localPort}`);
        if (request.reusedSocket && used !== undefined) {
            const idle = (performance.now() - used.lastAnswer).toFixed(0);
            this.connection = `connection kept (${port()}, after ${used.requests} requests, idle for ${idle} ms)`;
        } else {
            this.connection = `new connection (${port()})`;
            this.reach("connecting");
            socket.once("connect", () => {
                this.connection = `new connection (${port()})`;
                this.reach("connected");
            });
            socket.once("secureConnect", () => this.reach("TLS"));
        }
        const use = used ?? { requests: 0, lastAnswer: 0 };
        uses.set(socket, use);
        request.on("response", (response) => {
            response.on("end", () => {
                use.requests++;
                use.lastAnswer = performance.now();
            });
        });
        const closed = (hadError: boolean) => this.reach(hadError ? "connection broken" : "connection closed");
        socket.once("close", closed);
        request.once("close", () => socket.off("close", closed));
    }

    private reach(phase: string): void {
        this.reached.push(`${phase} ${(performance.now() - this.began).toFixed(0)} ms`);
    }
}
