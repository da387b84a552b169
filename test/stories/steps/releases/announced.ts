import assert from "node:assert/strict";
import type { automation } from "@pulumi/pulumi";
import { z } from "zod";
import type { AppOnServer } from "../../../support/appOnServer.ts";
import { testLab } from "../../../support/testLab.ts";
import type { TestStack } from "../../../support/testStack.ts";
import type { Ground } from "./ground.ts";

const containers = z.record(z.string(), z.string());

/** The services whose containers a preview says will be others. */
export async function announced(stack: TestStack): Promise<string[]> {
    const seen: (readonly [unknown, unknown])[] = [];
    const onEvent = ({ resourcePreEvent }: automation.EngineEvent) => {
        const { type, old, new: next } = resourcePreEvent?.metadata ?? {};
        if (type === "dallinger:index:ExperimentApp") seen.push([old?.inputs.containers, next?.inputs.containers]);
    };
    await stack.preview({ onEvent });
    const [[old, next] = []] = seen;
    const [before, after] = [containers.parse(old), containers.parse(next)];
    return Object.keys({ ...before, ...after })
        .filter((service) => before[service] !== after[service])
        .toSorted();
}

/** Brings a stack up, and asserts that what restarts is what the preview has said. @returns the services. */
export async function restartsAsAnnounced(stack: TestStack, app: AppOnServer): Promise<string[]> {
    const [said, before] = [await announced(stack), await app.containers()];
    await stack.up();
    const after = await app.containers();
    const restarted = Object.keys(after).filter((service) => after[service] !== before[service]);
    assert.deepEqual(restarted.toSorted(), said);
    return said;
}

/** The same image from another repository, and another share of the database. */
export async function announcesRestarts({ stack, app }: Ground): Promise<void> {
    const { registry } = await testLab();
    const dallinger = ["clock", "web", "worker"];
    await stack.configure({ "experiment.image.repository": `${registry.address}/elsewhere` });
    assert.deepEqual(await restartsAsAnnounced(stack, app), dallinger);
    await stack.configure({ "experiment.image.repository": `${registry.address}/recall` });
    assert.deepEqual(await restartsAsAnnounced(stack, app), dallinger);
    await stack.configure({ "experiment.limits.connections": "60" });
    assert.deepEqual(await restartsAsAnnounced(stack, app), ["pgbouncer"]);
    await stack.configure({ "experiment.limits.connections": "" });
    assert.deepEqual(await restartsAsAnnounced(stack, app), ["pgbouncer"]);
}
