import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import type { TestServer } from "../../../support/testLab.ts";
import type { Images } from "../wanted.ts";

/** Images that docker-ssh's compose files name and a lab has not: folders beside this file, and the lab's images that they are made from. */
const standIns = [
    { name: "postgres:12", folder: "postgres", base: "postgres" },
    { name: "bitnamilegacy/pgbouncer:1.24.1", folder: "pgbouncer", base: "pgbouncer" },
    { name: "amir20/dozzle:v10.0.2", folder: "dozzle", base: "caddy" },
];

/** Puts all images on an equipped server that docker-ssh runs beside the experiment's, under the names by which it wants them. */
export async function provideServiceImages(lab: Lab, server: TestServer): Promise<void> {
    const { address } = lab.registry;
    const trusted = `/etc/docker/certs.d/${address}`;
    await server.shell(`mkdir -p '${trusted}' && cat >'${trusted}/ca.crt'`, lab.registryCa);
    for (const { name, folder, base } of standIns) {
        const image = `${address}/docker-ssh/${folder}`;
        const arguments_ = ["--build-arg", `BASE=${lab.images[base]}`, "--tag", image];
        await docker(lab, ["build", "--quiet", ...arguments_, join(import.meta.dirname, "images", folder)]);
        await docker(lab, ["push", "--quiet", image]);
        await server.run("docker", "pull", "--quiet", image);
        await server.run("docker", "tag", image, name);
    }
    await server.run("docker", "tag", "redis:8", "redis:latest");
}

/**
 * Makes of both versions of an experiment's image such that work with docker-ssh, puts them into the lab's registry, and on the server as
 * well: there they stay, as long as a container has them. Its own builds have the address to listen at in their config.txt.
 */
export async function provideExperiment(lab: Lab, server: TestServer, images: Images): Promise<Images> {
    const provide = async (image: string, tag: string) => {
        const name = `${lab.registry.address}/docker-ssh/experiment:${tag}`;
        await docker(lab, ["build", "--quiet", "--tag", name, "-"], `FROM ${image}\nENV host=0.0.0.0\n`);
        await docker(lab, ["push", "--quiet", name]);
        await server.run("docker", "pull", "--quiet", name);
        await server.run("docker", "create", "--network", "none", name, "true");
        return name;
    };
    return [await provide(images[0], "one"), await provide(images[1], "other")];
}

/** Standard output of docker on the operator's machine, with the lab's engine. */
async function docker(lab: Lab, args: readonly string[], input = ""): Promise<string> {
    const { stdout } = await execa("docker", args, { env: { ...lab.environment }, input });
    return stdout;
}
