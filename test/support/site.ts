import type { IncomingHttpHeaders } from "node:http";
import { type Agent, request } from "node:https";
import type { LookupFunction } from "node:net";
import { text } from "node:stream/consumers";
import type { Course } from "./course.ts";

/** What a site has answered. */
export interface Answer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
}

/** How a request is made. */
export interface RequestOptions {
    readonly headers?: Readonly<Record<string, string>>;
    /** Fields of a form. */
    readonly form?: Readonly<Record<string, string>>;
    /** Connections that are used again. Without one each request has a connection of its own. */
    readonly agent?: Agent;
    /** Notes how the request went. */
    readonly course?: Course;
}

/**
 * A site whose name no resolver knows: its address is given, and its certificate verified against the name and the server's own
 * CA, and no other.
 */
export class Site {
    readonly hostname: string;
    private readonly address: string;
    private readonly ca: string;

    constructor(url: string, address: string, ca: string) {
        this.hostname = new URL(url).hostname;
        this.address = address;
        this.ca = ca;
    }

    /** What a request of `node:https` needs to get there. */
    get target() {
        return { host: this.hostname, ca: this.ca, lookup: this.lookup };
    }

    async get(path: string, options: RequestOptions = {}): Promise<Answer> {
        return await this.request("GET", path, options);
    }

    async post(path: string, form: Readonly<Record<string, string>>, options: RequestOptions = {}): Promise<Answer> {
        return await this.request("POST", path, { ...options, form });
    }

    /** The path goes out as it is given: nothing is resolved or encoded. */
    async request(
        method: string,
        path: string,
        { headers = {}, form, agent, course }: RequestOptions = {},
    ): Promise<Answer> {
        const body = form === undefined ? "" : new URLSearchParams(form).toString();
        const type = form === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" };
        const length = method === "GET" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
        const target = { ...this.target, method, path, timeout: 60_000 };
        return await new Promise((resolve, reject) => {
            const sent = request({ ...target, agent: agent ?? false, headers: { ...type, ...length, ...headers } });
            course?.follow(sent);
            sent.on("response", (response) => {
                const { statusCode: status = 0, headers: told } = response;
                text(response).then((content) => resolve({ status, headers: told, body: content }), reject);
            });
            sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer for a minute`)));
            sent.on("error", reject);
            sent.end(body);
        });
    }

    private readonly lookup: LookupFunction = (_name, options, found) => {
        // Not at once: a connection that fails before its request has got it is an error that nobody catches.
        setImmediate(() => {
            if (options.all) found(null, [{ address: this.address, family: 4 }]);
            else found(null, this.address, 4);
        });
    };
}
