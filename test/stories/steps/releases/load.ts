import { randomUUID } from "node:crypto";
import { Agent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { Course } from "../../../support/course.ts";
import { begin } from "../../../support/participant.ts";
import type { Answer, RequestOptions, Site } from "../../../support/site.ts";

/** Every how many requests one takes three seconds. */
const slowEvery = 50;

/** A request that got another answer than 200, or none. */
export interface LostRequest {
    /** When it was made, and when it was given up. */
    readonly asked: Date;
    readonly lost: Date;
    /** One line: method, path, what came of it, and its course. */
    readonly text: string;
}

/** What became of the requests of a load. */
export interface LoadReport {
    readonly sent: number;
    readonly lost: readonly LostRequest[];
    /** The unique texts that were acknowledged. */
    readonly acknowledged: readonly string[];
    /** The longest time between two answers, in milliseconds. */
    readonly slowestGap: number;
}

/**
 * Requests at a steady rate until it is stopped: half of them POSTs of answers, half GETs; half of each over connections that
 * are kept, half over new ones; one in fifty takes three seconds.
 */
export class Load implements AsyncDisposable {
    private readonly site: Site;
    private readonly nodes: readonly number[];
    private readonly kept = new Agent({ keepAlive: true });
    private readonly lost: LostRequest[] = [];
    private readonly acknowledged: string[] = [];
    private readonly open = new Set<Promise<void>>();
    private loop: Promise<unknown> = Promise.resolve();
    private sent = 0;
    private stopped = false;
    private lastAnswer = performance.now();
    private slowestGap = 0;

    private constructor(site: Site, nodes: readonly number[]) {
        this.site = site;
        this.nodes = nodes;
    }

    /** Begins to send `rate` requests a second, once a few participants have begun whose answers they are. */
    static async start(site: Site, rate: number): Promise<Load> {
        const load = await Load.ready(site);
        load.loop = load.run(1000 / rate);
        return load;
    }

    /** Begins to send as much as is answered: `parallel` requests are under way at any time. */
    static async startGreedy(site: Site, parallel: number): Promise<Load> {
        const load = await Load.ready(site);
        load.loop = Promise.all(Array.from({ length: parallel }, () => load.runGreedily()));
        return load;
    }

    private static async ready(site: Site): Promise<Load> {
        const nodes: number[] = [];
        for (let index = 0; index < 5; index++) nodes.push((await begin(site, randomUUID())).node);
        return new Load(site, nodes);
    }

    /** Stops and waits for the answers that are due. */
    async stop(): Promise<LoadReport> {
        this.stopped = true;
        await this.loop;
        await Promise.all(this.open);
        this.kept.destroy();
        const { sent, lost, acknowledged, slowestGap } = this;
        return { sent, lost, acknowledged, slowestGap };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.stop();
    }

    private async run(interval: number): Promise<void> {
        let due = performance.now();
        while (!this.stopped) {
            const request = this.send(this.sent++);
            this.open.add(request);
            request.finally(() => this.open.delete(request));
            due += interval;
            const wait = due - performance.now();
            if (wait > 0) await setTimeout(wait);
        }
    }

    private async runGreedily(): Promise<void> {
        while (!this.stopped) await this.send(this.sent++);
    }

    private async send(number: number): Promise<void> {
        const course = new Course();
        const options = { course, ...(number % 4 < 2 ? { agent: this.kept } : {}) };
        const text = `load ${randomUUID()}`;
        const node = this.nodes[number % this.nodes.length];
        const what = number % 2 === 0 ? `POST /info/${node}` : number % slowEvery === 1 ? "GET /slow" : "GET /summary";
        const asked = new Date();
        try {
            const { status, body } = await this.ask(what, text, options);
            if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 300)}`);
            if (what.startsWith("POST")) this.acknowledged.push(text);
            this.slowestGap = Math.max(this.slowestGap, performance.now() - this.lastAnswer);
            this.lastAnswer = performance.now();
        } catch (error) {
            this.lost.push({ asked, lost: new Date(), text: `${what}: ${error}; ${course}` });
        }
    }

    private async ask(what: string, text: string, options: RequestOptions): Promise<Answer> {
        const [method, path = ""] = what.split(" ");
        if (method === "GET") return await this.site.get(path, options);
        return await this.site.post(path, { contents: text, info_type: "Info" }, options);
    }
}
