import type { TestServer } from "../../support/testLab.ts";
import type { Recorder } from "../results/recorder.ts";
import { delay, roundTrip } from "./delay.ts";

/** Port of Caddy on a prepared server: sshd bans who opens connections and says nothing. */
const caddy = 443;

/** Does something while round trips to these servers take so many milliseconds longer, and records how long they take. */
export async function delayed(
    servers: readonly TestServer[],
    added: number,
    recorder: Recorder,
    play: () => Promise<void>,
): Promise<void> {
    await using delays = new AsyncDisposableStack();
    for (const { address } of servers) {
        delays.use(await delay(address, added));
        await recorder.roundTrip({ added, measured: await roundTrip(address, caddy) });
    }
    await play();
}
