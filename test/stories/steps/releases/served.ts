import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Ground } from "./ground.ts";
import { Load } from "./load.ts";

/** Requests a second that are asked for at most. */
const most = 50;

/** The part of what a machine serves that leaves it time for deployments beside it. */
const part = 0.6;

/** Requests a second that the site answers to who always has eight of them under way, as of now and on this machine. */
export async function measureServed({ site }: Pick<Ground, "site">): Promise<number> {
    const load = await Load.startGreedy(site, 8);
    const began = performance.now();
    await setTimeout(10_000);
    const { sent, lost } = await load.stop();
    assert.deepEqual(lost, []);
    return (sent * 1000) / (performance.now() - began);
}

/** How many requests a second to ask for where so many are served. */
export function loadFor(served: number): number {
    return Math.max(1, Math.min(most, Math.floor(served * part)));
}
