import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { median } from "../results/statistics.ts";

/** Adds so many milliseconds to each round trip between this machine and an address, until it is disposed. */
export async function delay(address: string, milliseconds: number): Promise<AsyncDisposable> {
    if (milliseconds === 0) return { [Symbol.asyncDispose]: async () => undefined };
    const args = [join(import.meta.dirname, "delay.py"), address, String(milliseconds)];
    // It ends with its standard input, and so with this process, however that ends.
    const relay = execa("python3", args, { stdin: "pipe", stderr: "inherit", reject: false, buffer: false });
    let asked = false;
    const over = relay.then(() => {
        // What was measured after its end was not measured with it.
        if (!asked) throw new Error(`the delay has ended by itself: ${args.join(" ")}`);
    });
    await Promise.race([once(relay.stdout, "data"), over]);
    over.catch(() => undefined);
    const dispose = async () => {
        asked = true;
        relay.stdin.end();
        await over;
    };
    return { [Symbol.asyncDispose]: dispose };
}

/** Milliseconds of a round trip, as opening a TCP connection shows it: the median of twenty. */
export async function roundTrip(address: string, port: number): Promise<number> {
    const taken: number[] = [];
    for (let time = 0; time < 20; time++) {
        const begun = performance.now();
        const socket = connect({ host: address, port });
        await once(socket, "connect");
        taken.push(performance.now() - begun);
        socket.destroy();
    }
    return median(taken);
}
