import { countConnections } from "../../support/connections.ts";
import type { TestServer } from "../../support/testLab.ts";
import type { Cost } from "../results/measurements.ts";

/** Seconds that something takes. */
export async function seconds(operation: () => Promise<unknown>): Promise<number> {
    const begun = performance.now();
    await operation();
    return (performance.now() - begun) / 1000;
}

/** What something costs that is done to a server. */
export async function cost(server: TestServer, operation: () => Promise<unknown>): Promise<Cost> {
    const before = await transferred(server);
    let taken = 0;
    const connections = await countConnections(server, async () => {
        taken = await seconds(operation);
    });
    return { seconds: taken, connections, bytes: (await transferred(server)) - before };
}

/** Bytes that have passed the server's network interface since it started, both ways. */
async function transferred(server: TestServer): Promise<number> {
    const counters = await server.shell("cat /sys/class/net/eth0/statistics/[rt]x_bytes");
    return counters.split("\n").reduce((sum, counter) => sum + Number(counter), 0);
}
