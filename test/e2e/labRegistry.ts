import { get } from "node:https";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { z } from "zod";
import { inspectArguments, type RegistryImage, readInspection } from "../../components/experimentImage/dockerBuild.ts";
import type { Lab } from "../../lab/readLab.ts";

/** Standard output of docker on the operator's machine, with the lab's engine. */
async function dockerHere(lab: Lab, args: readonly string[], input = ""): Promise<string> {
    const { stdout } = await execa("docker", args, { env: { ...lab.environment }, input });
    return stdout;
}

/** What the lab's registry says of an image: its digest, and the hash of what it was made from. */
export async function inspectImage(lab: Lab, image: string): Promise<RegistryImage> {
    return readInspection(await dockerHere(lab, inspectArguments(image)));
}

/** The tags of a repository in the lab's registry. */
export async function tagsOf({ registry, registryCa }: Lab, repository: string): Promise<string[]> {
    const url = `https://${registry.address}/v2/${repository}/tags/list`;
    const answer = await new Promise<string>((resolve, reject) => {
        get(url, { ca: registryCa }, (response) => text(response).then(resolve, reject)).on("error", reject);
    });
    return z.object({ tags: z.array(z.string()) }).parse(JSON.parse(answer)).tags;
}

/** Lets a name in the lab's registry mean an image there, and nothing but that. */
export async function tag(lab: Lab, name: string, image: string): Promise<void> {
    await dockerHere(lab, ["buildx", "imagetools", "create", "--prefer-index=false", "--tag", name, image]);
}

/**
 * Pushes an image for another platform that has a file and no program: emulation, which would be needed to run something in a build
 * for it, is not there in a lab. @returns it by digest.
 */
export async function pushStub(lab: Lab, name: string, platform: string): Promise<string> {
    const dockerfile = ["FROM scratch", "COPY <<'END' /stub", `for ${platform}`, "END"].join("\n");
    const build = ["buildx", "build", "--quiet", "--push", "--provenance=false", "--platform", platform];
    await dockerHere(lab, [...build, "--tag", name, "-"], dockerfile);
    const { digest } = await inspectImage(lab, name);
    if (digest === undefined) throw new Error(`the lab's registry has no ${name}`);
    return `${name.replace(/:[^:/]*$/, "")}@${digest}`;
}
