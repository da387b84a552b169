import assert from "node:assert/strict";
import { countConnections } from "./connections.ts";
import { readDiagnostics } from "./diagnostics.ts";
import { assertUnchanged } from "./serverState.ts";
import type { TestServer } from "./testLab.ts";
import type { TestStack } from "./testStack.ts";

/** An operation that has been refused. */
export interface Refusal {
    /** The one error that a person has read. */
    readonly error: string;
    /** How many ssh connections the server has seen meanwhile. */
    readonly connections: number;
}

/** Runs `pulumi up`, and asserts that it is refused with one error that has these texts and that the server is as it was. */
export async function assertRefused(
    stack: TestStack,
    server: TestServer,
    texts: readonly (string | RegExp)[],
): Promise<Refusal> {
    let errors: string[] = [];
    const up = async () => {
        errors = readDiagnostics(await stack.refusal(() => stack.up()));
    };
    const connections = await assertUnchanged(server, () => countConnections(server, up));
    const [error = "", ...others] = errors;
    assert.deepEqual(others, [], "more than one error");
    for (const text of texts) {
        const holds = typeof text === "string" ? error.includes(text) : text.test(error);
        assert.ok(holds, `the error has to say ${text}, and says:\n${error}`);
    }
    return { error, connections };
}
