/** The program that finds a port of this machine for an experiment, the first free one from 5000 on, and prints it. It stays with the stack. */
import { createServer } from "node:net";
import { say } from "../../../local/say.ts";
import { ReservedPorts } from "../reservedPorts.ts";

const FIRST = 5000;
const LAST = 5999;
const reserved = new ReservedPorts();

for (let port = FIRST; port <= LAST; port++) {
    if ((await isFree(port)) && (await reserved.reserve(port, new Date()))) {
        process.stdout.write(String(port));
        process.exit();
    }
}
say(`No port from ${FIRST} to ${LAST} is free on this machine: end what listens there, or set experiment.local.port`);
process.exitCode = 1;

/** Whether nothing listens there, neither for this machine's programs alone nor for others. */
async function isFree(port: number): Promise<boolean> {
    return (await canListen(port, "127.0.0.1")) && (await canListen(port, "0.0.0.0"));
}

async function canListen(port: number, host: string): Promise<boolean> {
    const server = createServer();
    return await new Promise((resolve) => {
        server.once("error", () => resolve(false));
        server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
    });
}
