import { rmSync } from "node:fs";

/** Has a folder go before an interrupted command ends: keys are in it, or who has taken part. */
export function removedOnSignals(folder: string): Disposable {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const end = (signal: NodeJS.Signals) => {
        rmSync(folder, { recursive: true, force: true });
        for (const each of signals) process.off(each, end);
        process.kill(process.pid, signal);
    };
    for (const signal of signals) process.on(signal, end);
    return {
        [Symbol.dispose]: () => {
            for (const signal of signals) process.off(signal, end);
        },
    };
}
