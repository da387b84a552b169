import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import type { Platform } from "../configuration/checking/platform.ts";
import { ENGINE_QUESTIONS, readPlatform, readUsers } from "./engineAnswers.ts";

/** The Docker engine of this machine. */
export interface LocalEngine {
    /** `unix:///var/run/docker.sock`. */
    readonly address: string;
    readonly platform: Platform;
    /** Whether it runs as who deploys, without root. */
    readonly rootless: boolean;
}

/**
 * The engine that the docker command of who deploys works with: `DOCKER_HOST`, or its current context.
 *
 * @throws {pulumi.RunError} in one line, when it is none of this machine, does not answer, is too old, or is none of Docker's.
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<LocalEngine> {
    const address = environment.DOCKER_HOST || (await currentContext());
    if (!/^(unix|npipe):\/\//.test(address)) {
        throw refusal(
            `docker works with an engine elsewhere, ${address}: \`docker context use default\` takes this machine's`,
        );
    }
    const [version, info] = await Promise.all([ask(address, "version"), ask(address, "info")]);
    const read = readPlatform(version);
    if ("refused" in read) throw refusal(read.refused);
    const users = readUsers(info);
    if ("refused" in users) throw refusal(users.refused);
    return { address, platform: read.platform, rootless: users.rootless };
}

async function ask(address: string, command: keyof typeof ENGINE_QUESTIONS): Promise<string> {
    const asked = await execa("docker", [command, "--format", ENGINE_QUESTIONS[command]], {
        reject: false,
        timeout: 20_000,
        env: { DOCKER_HOST: address },
    });
    if (asked.code === "ENOENT")
        throw refusal("there is no docker command here: install Docker Engine or Docker Desktop");
    if (asked.failed) {
        throw refusal(
            `the Docker engine at ${address} does not answer: start Docker Desktop, colima or \`systemctl start docker\`, then run this again`,
        );
    }
    return asked.stdout;
}

async function currentContext(): Promise<string> {
    const asked = await execa("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
        reject: false,
        timeout: 20_000,
    });
    if (asked.code === "ENOENT")
        throw refusal("there is no docker command here: install Docker Engine or Docker Desktop");
    if (asked.failed) throw refusal(`docker does not say which engine it works with: ${asked.stderr.split("\n")[0]}`);
    return asked.stdout.trim();
}

function refusal(message: string): pulumi.RunError {
    return new pulumi.RunError(`the experiment cannot run on this machine: ${message}`);
}
