import type { TestServer } from "./testLab.ts";

/** How many ssh connections a server sees while something is done; those that fail or are turned away count as well. */
export async function countConnections(server: TestServer, operation: () => Promise<unknown>): Promise<number> {
    const before = await connections(server);
    await operation();
    return (await connections(server)) - before;
}

/** All that sshd has written of into the journal, where its log level is VERBOSE. */
async function connections(server: TestServer): Promise<number> {
    const lines = await server.shell("journalctl --sync; journalctl -q -o cat -t sshd -t sshd-session");
    return lines.split("\n").filter((line) => /^(Connection from|drop connection) /.test(line)).length;
}
