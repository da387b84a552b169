import { execa } from "execa";
import { buildEnvironment, buildProgram } from "../../../image/build/buildEnvironment.ts";
import { type BuildRequest, taggedName } from "../../../image/build/dockerBuild.ts";

/** Which engine builds. */
export interface BuildOptions {
    readonly request: BuildRequest;
    /** Variables by which docker finds the engine; none for the user's own. */
    readonly engine?: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
}

/**
 * Has an engine build an image, unless it has it.
 *
 * @throws {Error} when it does not; the build program has then said why.
 */
export async function runBuild({ request, engine = {}, signal }: BuildOptions): Promise<void> {
    const { failed } = await execa(process.execPath, [buildProgram], {
        env: { ...buildEnvironment.render(request), ...engine },
        stdin: "ignore",
        stderr: "inherit",
        reject: false,
        cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (failed) throw new Error(`${taggedName(request)} was not built: the line above says why`);
}
