/**
 * The program that launches an experiment on this machine, once, and prints Dallinger's answer. A mark is written before the launch and
 * the answer after it: a mark without an answer is a launch of which nobody knows how it ended.
 */
import { once } from "node:events";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { text as consume } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { orMissing } from "../../../local/orMissing.ts";
import { say } from "../../../local/say.ts";
import { localRequest } from "../localRequest.ts";

const place = localRequest.read(process.env);
const { port, address, folder } = place;
const state = resolve(folder, "state");
const [mark, answer] = [join(state, "launch-started"), join(state, "launch.json")];

try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    const known = await read(answer);
    if (known === undefined) await requireUnknown();
    process.stdout.write(known ?? (await launch()));
} catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
}

async function requireUnknown(): Promise<void> {
    if ((await read(mark)) === undefined) return;
    throw new Error(
        `a launch was begun and nobody knows how it ended: look at http://localhost:${port}/dashboard. If it is launched: \`./ops/dallinger launch accept\`; if not: \`./ops/dallinger launch forget\`. Then run \`./pulumi up\` again`,
    );
}

async function launch(): Promise<string> {
    await waitForWeb();
    say("launching the experiment");
    await writeFile(mark, new Date().toISOString(), { mode: 0o600 });
    const { status, text } = await post("/launch");
    if (status !== 200) {
        // Dallinger has said that it did not work: that is known.
        await rm(mark);
        throw new Error(`the experiment could not be launched: ${text.slice(0, 500)}`);
    }
    await writeFile(`${answer}.new`, text, { mode: 0o600 });
    await rename(`${answer}.new`, answer);
    return text;
}

/** Whatever it answers: whether it can be launched is Dallinger's to say. */
async function waitForWeb(): Promise<void> {
    if (await answers()) return;
    // It mostly does by now, and what runs docker takes a tenth of a second to load.
    const [{ whileStarting }, { firstContainer }] = await Promise.all([
        import("../containerStart.ts"),
        import("../engineCommand.ts"),
    ]);
    const ids = await firstContainer(place, "web");
    await whileStarting(place, ids, `an answer at http://localhost:${port}`, async (signal) => {
        while (!signal.aborted && !(await answers())) await sleep(200);
    });
}

async function answers(): Promise<boolean> {
    const signal = AbortSignal.timeout(2000);
    const asked = request({ host: "127.0.0.1", port, path: "/robots.txt", headers: { host: address }, signal }).end();
    try {
        const [response] = await once(asked, "response", { signal });
        response.resume();
        return true;
    } catch {
        return false;
    }
}

/** By the address that participants visit: Dallinger makes the recruitment links of it. `fetch` would say its own. */
async function post(path: string): Promise<{ status: number | undefined; text: string }> {
    const signal = AbortSignal.timeout(300_000);
    const asked = request({ host: "127.0.0.1", port, path, method: "POST", headers: { host: address }, signal }).end();
    const [response] = await once(asked, "response", { signal });
    return { status: response.statusCode, text: await consume(response) };
}

async function read(file: string): Promise<string | undefined> {
    return await orMissing(readFile(file, "utf8"));
}
