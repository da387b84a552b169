import assert from "node:assert/strict";
import { Answering } from "../../../support/answering.ts";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { restoreBackup } from "../../../support/restoredBackup.ts";
import { changesOf, listBackups, listDeployed } from "../../../support/serverListing.ts";
import { brokenImages } from "../releases/variants.ts";
import { pulumi } from "./command.ts";
import type { DrillGround } from "./drillGround.ts";
import type { Orphans } from "./orphans.ts";

type Operation = "create" | "update" | "destroy";

/** How long each operation takes at least, in milliseconds: a moment to kill it at is a part of it. */
const durations: Readonly<Record<Operation, number>> = { create: 16_000, update: 13_000, destroy: 8_000 };

/** Kills the engine at moments that follow from seeds, and sees that everything is mended by the same command again. */
export class Drill {
    private readonly ground: DrillGround;
    private readonly app: AppOnServer;
    private deployed = false;
    /** What has been acknowledged since the app was created. */
    private acknowledged: string[] = [];
    /** What an engine that was killed has left running here. */
    private orphans: Orphans | undefined;

    constructor(ground: DrillGround) {
        this.ground = ground;
        this.app = new AppOnServer(ground.server);
    }

    /** What a seed stands for. */
    describe(seed: number): string {
        const { operation, after } = moment(seed);
        return `${operation}, killed after ${(after / 1000).toFixed(1)} s`;
    }

    /** Brings the app to where the operation can begin, kills it, and runs it again. */
    async run(seed: number): Promise<void> {
        const { operation, after } = moment(seed);
        if (operation === "create" && this.deployed) await this.destroy();
        if (operation !== "create" && !this.deployed) await this.create();
        try {
            if (operation === "create") await this.create(after);
            if (operation === "update") await this.update(after);
            if (operation === "destroy") await this.destroy(after);
            assert.deepEqual((await this.orphans?.left()) ?? [], [], "what the killed engine has left behind runs on");
        } finally {
            await this.orphans?.[Symbol.asyncDispose]();
        }
    }

    /** The server is as it was before the app. */
    async end(): Promise<void> {
        if (this.deployed) await this.destroy();
    }

    /** A creation that was broken off can be taken away as it is, and gone on with. */
    private async create(killedAfter?: number): Promise<void> {
        if (killedAfter !== undefined) {
            await this.killed("up", killedAfter);
            await this.leavesNothing();
            await this.killed("up", killedAfter);
        }
        await this.converge("up");
        this.deployed = true;
        this.acknowledged = [];
        assert.equal(await this.app.launches(), 1);
        await this.serves();
    }

    /** A first release that never gets healthy is in no state; what it has left on the server `destroy` takes away, and saves. */
    async fail(): Promise<void> {
        const { operator, experiment } = this.ground;
        if (this.deployed) await this.destroy();
        await experiment.write(brokenImages["that gets healthy and then dies"] ?? assert.fail());
        const { succeeded, printed } = await pulumi(operator, "recall", "up");
        assert.ok(!succeeded, printed);
        const told = /: the lines above say what was seen; once that is put right, run `\.\/pulumi up` again/;
        assert.match(printed.slice(-5000), told);
        await this.leavesNothing();
        await experiment.change();
    }

    private async leavesNothing(): Promise<void> {
        await this.converge("destroy");
        await this.givesClaimUp();
        assert.deepEqual(changesOf(this.ground.prepared, await listDeployed(this.ground.server)), {});
    }

    /**
     * The engine notes a claim when it is done: one during which it was killed is in no state, and the next `destroy` does not know of
     * it. Whoever takes the name next is told how to give such a one up.
     */
    private async givesClaimUp(): Promise<void> {
        const { server } = this.ground;
        const folder = "/srv/dallinger/apps/recall";
        // Of an orphan's, which may still be at work.
        const alone = `. ${folder}/bin/messages.sh; . ${folder}/bin/server.sh; claim_alone ${folder}`;
        const found = await server.shell(
            `while ls -d /run/dallinger.* 2>/dev/null; do sleep 1; done >&2; test ! -e ${folder} || { ${alone} && echo claim || echo more; }`,
        );
        if (found.trim() === "") return;
        assert.equal(found.trim(), "claim", "the app that was to be destroyed");
        console.error("the engine was killed during the claim, which is given up by hand");
        await server.run(`${folder}/bin/app`, "remove", "all", "0");
    }

    private async update(killedAfter: number): Promise<void> {
        await this.ground.experiment.change();
        const answering = await Answering.start(this.ground.site, 2);
        await this.killed("up", killedAfter);
        await this.converge("up");
        await answering.stop();
        this.acknowledged.push(...answering.acknowledged);
        await this.serves();
        await this.holds((sql) => this.app.query(sql));
    }

    private async destroy(killedAfter?: number): Promise<void> {
        const { server, site, prepared } = this.ground;
        const answering = await Answering.start(site, 2);
        await answering.until(10);
        if (killedAfter !== undefined) await this.killed("destroy", killedAfter);
        await this.converge("destroy");
        await answering.stop();
        this.acknowledged.push(...answering.acknowledged);
        const backup = (await listBackups(server)).toSorted().at(-1) ?? "none";
        await this.isHeldBy(backup);
        this.deployed = false;
        assert.deepEqual(changesOf(prepared, await listDeployed(server)), {});
    }

    private async isHeldBy(backup: string): Promise<void> {
        await using restored = await restoreBackup(this.ground.server, backup);
        await this.holds((sql) => restored.query(sql));
    }

    private async killed(operation: "up" | "destroy", after: number): Promise<void> {
        const { succeeded, orphans } = await pulumi(this.ground.operator, "recall", operation, after);
        await this.orphans?.[Symbol.asyncDispose]();
        this.orphans = orphans;
        if (succeeded) console.error(`${operation} had ended before it was to be killed, after ${after} ms`);
    }

    private async converge(operation: "up" | "destroy"): Promise<void> {
        const { succeeded, printed } = await pulumi(this.ground.operator, "recall", operation);
        assert.ok(succeeded, printed);
    }

    private async serves(): Promise<void> {
        const check = await dallinger(this.ground.operator, "recall", "check");
        assert.deepEqual([check.exitCode, check.stderr], [0, ""], check.stdout);
        assert.equal((await this.ground.site.get("/summary")).status, 200);
    }

    private async holds(query: (sql: string) => Promise<readonly Record<string, unknown>[]>): Promise<void> {
        const found = new Set((await query("SELECT contents FROM info")).map(({ contents }) => contents));
        assert.deepEqual(
            this.acknowledged.filter((text) => !found.has(text)),
            [],
        );
    }
}

/** The same for the same seed (mulberry32). */
function moment(seed: number): { operation: Operation; after: number } {
    const random = generator(seed);
    const operation = (["create", "update", "destroy"] as const)[Math.floor(random() * 3)] ?? "update";
    return { operation, after: Math.round(1000 + random() * (durations[operation] - 1000)) };
}

function generator(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
