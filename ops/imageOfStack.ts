import type { Platform } from "../components/configuration/checking/platform.ts";
import { explain } from "../components/configuration/checking/problems.ts";
import { property } from "../components/configuration/checking/rawValue.ts";
import {
    checkExperiment,
    type ExperimentConfiguration,
} from "../components/configuration/experiment/experimentConfiguration.ts";
import { imageBaseName } from "../components/configuration/experiment/experimentFolder.ts";
import type { BuiltImageConfiguration } from "../components/configuration/image/imageConfiguration.ts";
import { serverShape } from "../components/configuration/server/serverShape.ts";
import { type ImageOptions, type ImagePlan, planImage } from "../components/image/context/imagePlan.ts";
import { projectFolder, readProjectFile } from "../components/program/projectFolder.ts";
import { Refusal } from "./refusal.ts";
import { serverOfStack } from "./serverOfStack.ts";
import { blocksOfStack } from "./stackBlocks.ts";

/** The image that a stack builds. */
export interface StackImage {
    /** The experiment's folder, relative to Pulumi.yaml. */
    readonly path: string;
    readonly image: BuiltImageConfiguration;
    /** The server's, unless the stack names one. */
    readonly platform: string;
    /** What it is to be made from; `changes` put other options in. */
    plan(changes?: Partial<ImageOptions>): ImagePlan;
}

/**
 * The image of a stack's experiment, as the stack's configuration has it. Contacts no server and no registry.
 *
 * @throws {Refusal} when the stack builds none, or its block is not right.
 */
export async function imageOfStack(stack: string | undefined): Promise<StackImage> {
    const blocks = await blocksOfStack(stack);
    const experiment = blocks.get("experiment");
    if (experiment === undefined)
        throw new Refusal("this stack runs no experiment: name one that does with --stack STACK");
    const server = blocks.get("server");
    const { value, problems } = checkExperiment(experiment, {
        hasServer: server !== undefined,
        platform: platformOf(server),
        imageBaseName: imageBaseName({ experiment, readFile: readProjectFile }),
    });
    if (value === undefined) throw new Refusal(explain("the configuration of the stack is not right:", problems));
    const { image, path = ".", on } = value;
    if ("retained" in image) throw new Refusal(`this stack builds no image: it runs ${image.retained}`);
    if ("reference" in image) throw new Refusal(`this stack builds no image: it runs ${image.reference}`);
    const { base, dallinger, strict, maxSize, knownHosts } = image;
    const platform = image.platform ?? (await platformWhere(on));
    const buildArgs: Record<string, string> = base === undefined ? {} : { BASE: base };
    const options = { path, platform, buildArgs, dallinger, strict, maxSize, knownHosts };
    return { path, image, platform, plan: (changes = {}) => planImage(projectFolder, { ...options, ...changes }) };
}

async function platformWhere(on: ExperimentConfiguration["on"]): Promise<Platform> {
    if (on !== undefined && "local" in on) {
        // It brings Pulumi's library, which takes a second.
        const { findEngine } = await import("../components/program/findEngine.ts");
        return (await findEngine()).platform;
    }
    return (await serverOfStack(on?.stack)).platform;
}

function platformOf(server: unknown) {
    const platform = serverShape.shape.platform.safeParse(property(server, "platform")).data;
    return server === undefined ? undefined : (platform ?? "linux/amd64");
}
