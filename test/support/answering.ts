import { randomUUID } from "node:crypto";
import { Agent } from "node:https";
import { setTimeout } from "node:timers/promises";
import { begin, submit, takePart } from "./participant.ts";
import type { Site } from "./site.ts";

/** Participants who go on answering, over connections that are kept and over new ones, until they are told to stop. */
export class Answering {
    /** The answers that were acknowledged, each of them unique. */
    readonly acknowledged: string[] = [];
    /** Ids of participants whose end was acknowledged. */
    readonly finished: number[] = [];
    /** What the last attempts of each have met, an acknowledgement or the refusal. */
    readonly last = new Map<string, string>();
    private stopped = false;
    private readonly loops: Promise<void>[];

    private constructor(site: Site, nodes: readonly number[]) {
        this.loops = nodes.map((node, index) => this.answer(site, node, index % 2 === 0));
        this.loops.push(this.takePart(site));
    }

    /** Each of the participants has begun when this ends. */
    static async start(site: Site, participants: number): Promise<Answering> {
        const nodes: number[] = [];
        for (let index = 0; index < participants; index++) nodes.push((await begin(site, randomUUID())).node);
        return new Answering(site, nodes);
    }

    /** Waits for so many acknowledgements. */
    async until(acknowledgements: number): Promise<void> {
        for (let tries = 0; this.acknowledged.length < acknowledgements; tries++) {
            if (tries > 300) throw new Error(`only ${this.acknowledged.length} answers in 30 seconds`);
            await setTimeout(100);
        }
    }

    async stop(): Promise<void> {
        this.stopped = true;
        await Promise.all(this.loops);
    }

    private async answer(site: Site, node: number, keep: boolean): Promise<void> {
        using agent = keep ? keptConnection() : undefined;
        await this.repeat(`node ${node}`, async () => {
            const text = `answer ${randomUUID()}`;
            await submit(site, node, text, agent === undefined ? {} : { agent: agent.connection });
            this.acknowledged.push(text);
        });
    }

    private async takePart(site: Site): Promise<void> {
        await this.repeat("whole participants", async () => {
            const { id, answer } = await takePart(site, randomUUID(), () => `whole ${randomUUID()}`);
            this.acknowledged.push(answer);
            this.finished.push(id);
        });
    }

    private async repeat(who: string, attempt: () => Promise<void>): Promise<void> {
        while (!this.stopped) {
            const problem = await attempt().then(
                () => "acknowledged",
                (error: unknown) => String(error),
            );
            this.last.set(who, problem);
            await setTimeout(problem === "acknowledged" ? 20 : 100);
        }
    }
}

function keptConnection(): { connection: Agent } & Disposable {
    const connection = new Agent({ keepAlive: true, maxSockets: 1 });
    return { connection, [Symbol.dispose]: () => connection.destroy() };
}
