import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lineChanges } from "./lineChanges.ts";
import { bareServer, type TestServer } from "./testLab.ts";

/** A new server on which nothing happens by itself: Debian's timers would change files at their own times. */
export async function quietServer(name: string, add = bareServer): Promise<TestServer & AsyncDisposable> {
    const server = await add(name);
    await server.shell("systemctl stop '*.timer'");
    return server;
}

/**
 * Everything on a server that a deployment could change, a line each: files by the time of their last change, packages, users,
 * groups, ports, processes, Docker's objects, databases and roles. What a login by itself leaves is not in it.
 */
export async function serverState(server: TestServer): Promise<string[]> {
    const script = await readFile(join(import.meta.dirname, "serverState.sh"), "utf8");
    const listing = await server.shell(script);
    return listing.split("\n");
}

/** Asserts that a server is the same before and after something that is done. */
export async function assertUnchanged<T>(server: TestServer, operation: () => Promise<T>): Promise<T> {
    const before = await serverState(server);
    const result = await operation();
    assert.deepEqual(lineChanges(before, await serverState(server)), []);
    return result;
}
