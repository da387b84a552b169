import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { orMissing } from "../components/local/orMissing.ts";
import { type LaunchState, type Resolution, recruitment } from "./launchState.ts";

/** What a person has confirmed, in the place of the answer that was lost. */
const CONFIRMED = `{"status":"success","recruitment_msg":"(the answer was lost, and the launch confirmed by hand)"}\n`;

/** What is known of the launch of an app on this machine, by its folder (components/targets/local/programs/launchOnce.ts). */
export async function localLaunch(folder: string): Promise<LaunchState> {
    const [begun, answer] = await Promise.all([
        orMissing(readFile(mark(folder), "utf8")),
        orMissing(readFile(record(folder), "utf8")),
    ]);
    const time = begun === undefined || begun === "" ? {} : { begun: begun.trim() };
    if (answer !== undefined) return { state: "known", ...time, answer: recruitment(answer) };
    return { state: begun === undefined ? "none" : "unknown", ...time };
}

/** Says what became of a launch there, once `asked` agrees. @returns what is known then. */
export async function resolveLocalLaunch(
    folder: string,
    how: Resolution,
    asked: (known: LaunchState) => Promise<void>,
): Promise<LaunchState> {
    await asked(await localLaunch(folder));
    // The answer may have come meanwhile.
    if ((await localLaunch(folder)).state !== "unknown") return await localLaunch(folder);
    if (how === "forget") await rm(mark(folder), { force: true });
    else {
        await writeFile(`${record(folder)}.new`, CONFIRMED, { mode: 0o600 });
        await rename(`${record(folder)}.new`, record(folder));
    }
    return await localLaunch(folder);
}

function mark(folder: string): string {
    return join(folder, "state/launch-started");
}

function record(folder: string): string {
    return join(folder, "state/launch.json");
}
