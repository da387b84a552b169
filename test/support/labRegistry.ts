import { get } from "node:https";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { z } from "zod";
import { inspectArguments, type RegistryImage, readInspection } from "../../components/image/build/dockerBuild.ts";
import type { Lab } from "../../lab/readLab.ts";

const config = z.object({ image: z.object({ os: z.string(), architecture: z.string() }) });

/** Standard output of docker on the operator's machine, with the lab's engine. */
async function dockerHere(lab: Lab, args: readonly string[], input = ""): Promise<string> {
    const { stdout } = await execa("docker", args, { env: { ...lab.environment }, input });
    return stdout;
}

/** What the lab's registry says of an image: its digest, the hash of what it was made from, and the platform it is for. */
export async function inspectImage(lab: Lab, image: string): Promise<RegistryImage & { readonly platform: string }> {
    const inspection = await dockerHere(lab, inspectArguments(image));
    const { os, architecture } = config.parse(JSON.parse(inspection)).image;
    return { ...readInspection(inspection), platform: `${os}/${architecture}` };
}

/** The tags of a repository in the lab's registry. */
export async function tagsOf({ registry, registryCa }: Lab, repository: string): Promise<string[]> {
    const url = `https://${registry.address}/v2/${repository}/tags/list`;
    const answer = await new Promise<string>((resolve, reject) => {
        get(url, { ca: registryCa }, (response) => text(response).then(resolve, reject)).on("error", reject);
    });
    return z.object({ tags: z.array(z.string()) }).parse(JSON.parse(answer)).tags;
}

/** Lets a name in the lab's registry mean an image that does what another one does, and is not the same. */
export async function renew(lab: Lab, name: string, image: string): Promise<void> {
    const text = `FROM ${image}\nLABEL renewed="${new Date().toISOString()}"\n`;
    await dockerHere(lab, ["build", "--quiet", "--tag", name, "-"], text);
    await dockerHere(lab, ["push", "--quiet", name]);
}

/** Lets a name in the lab's registry mean an image there, and nothing but that. */
export async function tag(lab: Lab, name: string, image: string): Promise<void> {
    await dockerHere(lab, ["buildx", "imagetools", "create", "--prefer-index=false", "--tag", name, image]);
}
