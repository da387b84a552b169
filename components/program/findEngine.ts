import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { PLATFORMS, type Platform } from "../configuration/checking/platform.ts";

/** The Docker engine of this machine. */
export interface LocalEngine {
    /** `unix:///var/run/docker.sock`. */
    readonly address: string;
    readonly platform: Platform;
}

/** Engines before it do not ask a container about its health at short intervals while it starts. */
const OLDEST = 25;

/**
 * The engine that the docker command of who deploys works with: `DOCKER_HOST`, or its current context.
 *
 * @throws {pulumi.RunError} in one line, when it is none of this machine, does not answer, or is too old.
 */
export async function findEngine(environment: NodeJS.ProcessEnv = process.env): Promise<LocalEngine> {
    const address = environment.DOCKER_HOST || (await currentContext());
    if (!/^(unix|npipe):\/\//.test(address)) {
        throw refusal(
            `docker works with an engine elsewhere, ${address}: \`docker context use default\` takes this machine's`,
        );
    }
    const format = "{{.Server.Os}}/{{.Server.Arch}} {{.Server.Version}}";
    const env = { DOCKER_HOST: address };
    const asked = await execa("docker", ["version", "--format", format], { reject: false, timeout: 20_000, env });
    if (asked.code === "ENOENT")
        throw refusal("there is no docker command here: install Docker Engine or Docker Desktop");
    if (asked.failed) {
        throw refusal(
            `the Docker engine at ${address} does not answer: start Docker Desktop, colima or \`systemctl start docker\`, then run this again`,
        );
    }
    const [platform = "", version = ""] = asked.stdout.trim().split(" ");
    if (Number.parseInt(version, 10) < OLDEST) {
        throw refusal(`Docker Engine ${version} is here, and ${OLDEST} or newer is needed: upgrade it`);
    }
    const known = PLATFORMS.find((name) => name === platform);
    if (known === undefined)
        throw refusal(`Docker runs containers of ${platform} here; ${PLATFORMS.join(" or ")} are needed`);
    return { address, platform: known };
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
