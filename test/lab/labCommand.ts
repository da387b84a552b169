import { mkdtemp, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { projectFolder } from "../../components/program/projectFolder.ts";

/** What the tests use of a lab's lab.json. */
export interface LabDescription {
    readonly key: string;
    readonly servers: readonly { name: string; address: string; hostKey: string; pid: number | null }[];
    readonly registry: { address: string; ca: string };
    readonly docker: { host: string };
    readonly images: Record<string, string>;
}

/** How a command ended. */
export interface Ending {
    readonly exitCode: number | undefined;
    readonly stdout: string;
    readonly stderr: string;
}

/** The lab's command. */
export const labProgram = join(projectFolder, "lab/lab");

/** Runs the lab's command, with its labs kept in `folder`; never throws on an exit status. */
export async function lab(folder: string, arguments_: readonly string[], options: Options = {}): Promise<Ending> {
    const { exitCode, stdout, stderr } = await execa(labProgram, arguments_, {
        stdin: "ignore",
        ...options,
        env: { DALLINGER_LAB_DIR: folder },
        reject: false,
        timeout: 900_000,
    });
    return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** Reads a lab's description. */
export async function describeLab(folder: string, name: string): Promise<LabDescription> {
    return JSON.parse(await readFile(join(folder, name, "lab.json"), "utf8")) as LabDescription;
}

/** A folder for labs of a test, on a disk and with a path short enough for sockets; disposing takes the labs down. */
export async function openLabsFolder(...names: string[]): Promise<AsyncDisposable & { path: string }> {
    const path = await mkdtemp("/var/tmp/lab-");
    return {
        path,
        async [Symbol.asyncDispose]() {
            for (const name of names) await lab(path, ["down", name]);
            // `down` has removed it, unless there never was a lab in it.
            await rmdir(path).catch(() => undefined);
        },
    };
}
