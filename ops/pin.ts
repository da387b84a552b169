import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { explain } from "../components/configuration/checking/problems.ts";
import { pinArguments } from "../components/image/build/dockerBuild.ts";
import { packContext } from "../components/image/context/contextArchive.ts";
import { type AgentAccess, checkAgent } from "../components/image/packages/agentAccess.ts";
import { renderConstraints, replaceImage, taggedPart } from "../components/image/packages/pinning.ts";
import { orMissing } from "../components/local/orMissing.ts";
import { projectFolder } from "../components/program/projectFolder.ts";
import { digestOf } from "./digestOf.ts";
import { EXIT } from "./exitStatus.ts";
import { imageOfStack, type StackImage } from "./imageOfStack.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";

/**
 * Writes down what the image of a stack's experiment is made from today: the digest of its base image, in the stack's
 * configuration or in the experiment's own Dockerfile, and the versions of its packages, in constraints.txt. @returns the exit status.
 */
export async function pin(stack: string | undefined): Promise<number> {
    const stackImage = await imageOfStack(stack);
    const { files, bases, problems } = stackImage.plan({ strict: false });
    if (problems.length > 0) throw new Refusal(explain("The image cannot be built.", problems));
    if (files.some(({ path }) => path === "Dockerfile")) {
        const file = join(projectFolder, stackImage.path, "Dockerfile");
        await pinDockerfile(
            file,
            bases.map(({ image }) => image),
        );
        return EXIT.done;
    }
    const base = await pinBase(stack, stackImage);
    const { path } = stackImage;
    const requirements = await orMissing(readFile(join(projectFolder, path, "requirements.txt"), "utf8"));
    if (requirements === undefined) {
        console.log(`${path}/constraints.txt stays as it is: without requirements.txt it is what is asked for`);
        return EXIT.done;
    }
    const list = await install(stackImage, base);
    const on = base ?? bases[0]?.image ?? "";
    const pythonVersion = await orMissing(readFile(join(projectFolder, path, ".python-version"), "utf8"));
    const text = renderConstraints({ list, requirements, pythonVersion, base: on });
    await writeFile(join(projectFolder, path, "constraints.txt"), text);
    console.log(`${path}/constraints.txt: ${list.trim().split("\n").length} packages, as they were installed on ${on}`);
    return EXIT.done;
}

/** The base image of the stack's configuration with the digest of today; nothing where it is our Dockerfile's. */
async function pinBase(stack: string | undefined, { image: { base } }: StackImage): Promise<string | undefined> {
    const tagged = base === undefined ? undefined : taggedPart(base);
    if (tagged === undefined) {
        console.log(`experiment.image.base: ${base ?? "left out, the digest in templates/image/Dockerfile counts"}`);
        return base;
    }
    const pinned = `${tagged}@${await digestOf(tagged)}`;
    await pulumi(stack, ["config", "set", "--path", "dallinger:experiment.image.base", pinned]);
    console.log(`experiment.image.base: ${pinned}`);
    return pinned;
}

async function pinDockerfile(file: string, images: readonly string[]): Promise<void> {
    const before = await readFile(file, "utf8");
    let after = before;
    for (const image of images) {
        const tagged = taggedPart(image);
        if (tagged === undefined) continue;
        const pinned = `${tagged}@${await digestOf(tagged)}`;
        const replaced = replaceImage(after, image, pinned);
        console.log(replaced === after && pinned !== image ? `${image}: write ${pinned} by hand` : pinned);
        after = replaced;
    }
    if (after !== before) await writeFile(file, after);
}

/** Installs the packages anew, with the stack's own docker, and returns the list of them. */
async function install({ plan, platform, image: { knownHosts } }: StackImage, base: string | undefined) {
    const buildArgs: Record<string, string> = base === undefined ? {} : { BASE: base };
    const { archive, repositories, usesAgent } = plan({ strict: false, renew: true, buildArgs });
    if (usesAgent) await agentFor({ repositories, knownHosts });
    const folder = await mkdtemp(join(tmpdir(), "dallinger-pin-"));
    try {
        const inputFile = join(folder, "context.tar");
        await writeFile(inputFile, packContext(archive), { mode: 0o600 });
        const args = pinArguments({ platform, buildArgs }, folder, usesAgent);
        const { failed } = await execa("docker", args, { inputFile, stdout: 2, stderr: "inherit", reject: false });
        if (failed) throw new Refusal("the packages could not be installed: see above");
        return await readFile(join(folder, "constraints.txt"), "utf8");
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

async function agentFor(needs: AgentAccess): Promise<void> {
    try {
        await checkAgent(needs);
    } catch (error) {
        throw error instanceof Error ? new Refusal(error.message) : error;
    }
}
