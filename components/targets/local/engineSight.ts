import { execa } from "execa";
import { isImageId } from "../../configuration/checking/imageReference.ts";
import { say } from "../../local/say.ts";

/** Where an experiment is to run. */
interface Place {
    /** Address of the engine. */
    readonly engine: string;
    /** The experiment's image. */
    readonly image: string;
    /** Absolute path of a folder with a file `start.py`. */
    readonly folder: string;
}

/** What has to be free where containers write, in MiB: PostgreSQL alone begins with 40, and a full disk stops all that runs there. */
const NEEDED = 512;

const LOOK = [
    "import os",
    "open('/mnt/start.py').close()",
    "root = os.statvfs('/')",
    "print(root.f_bavail * root.f_frsize // 2 ** 20)",
].join("\n");

/**
 * Has the engine look, in a container of the experiment's image, whether it sees the experiment's folder, and how much room there is. An
 * image that it does not have is pulled, as who is logged in with docker.
 *
 * @throws {Error} in one line, with the way out.
 */
export async function requireSight({ engine, image, folder }: Place): Promise<void> {
    const env = { DOCKER_HOST: engine, DOCKER_CLI_HINTS: "false" };
    if (!isImageId(image) && (await execa("docker", ["image", "inspect", image], { env, reject: false })).failed) {
        say(`pulling ${image}`);
        const pulled = await execa("docker", ["pull", image], {
            env,
            reject: false,
            stdout: process.stderr,
            stderr: "inherit",
        });
        if (pulled.failed) throw new Error(`${image} could not be pulled`);
    }
    const mount = `${folder}:/mnt:ro`;
    const run = [
        "run",
        "--rm",
        "--network",
        "none",
        "--user",
        "0",
        "--entrypoint",
        "python3",
        "--volume",
        mount,
        image,
        "-c",
        LOOK,
    ];
    const { failed, stdout, stderr } = await execa("docker", run, { env, reject: false });
    if (failed) throw new Error(explainBlindness(engine, folder, stderr));
    const free = Number(stdout.trim());
    if (free >= NEEDED) return;
    throw new Error(
        `${free} MiB are free where the Docker engine at ${engine} writes, and ${NEEDED} are needed: \`docker system df\` and \`docker system prune\` tell and remove what no container uses`,
    );
}

/** A path that does not exist for the engine is an error, or an empty folder that it has made. */
function explainBlindness(engine: string, folder: string, stderr: string): string {
    if (/FileNotFoundError|bind source path does not exist|mounts denied/.test(stderr)) {
        return `the Docker engine at ${engine} does not see ${folder}: have it share that folder (Docker Desktop: Settings, Resources, File sharing; colima: --mount)`;
    }
    const lines = stderr.trim().split("\n");
    return `the Docker engine at ${engine} could not run a container: ${lines.findLast((line) => /[Ee]rror/.test(line)) ?? lines.at(-1)}`;
}
