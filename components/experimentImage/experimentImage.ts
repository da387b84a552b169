import { join, relative, sep } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { explain } from "../problems.ts";
import { readBuildContext } from "./buildContext.ts";
import { toEnvironment } from "./buildEnvironment.ts";
import { contentHash } from "./contentHash.ts";
import { imageTag, readBuildOutput } from "./imageName.ts";
import { imageSource } from "./imageSource.ts";

/** Arguments of {@link ExperimentImage}. They are plain: the content hash is made while the program runs. */
export interface ExperimentImageArgs {
    /** The experiment's folder, relative to the Pulumi project's. */
    path: string;
    /** Repository of a registry that docker is logged in to: `ghcr.io/lab/recall`. */
    repository: string;
    /** The server's platform, in Docker's notation. Defaults to `linux/amd64`. */
    platform?: string;
    /** Arguments of the Dockerfile; ours has `BASE`, the image it starts from. Never secrets: they stay readable in the image. */
    buildArgs?: Record<string, string>;
}

/**
 * The image of an experiment, built and pushed by the user's own docker.
 *
 * It is built when its content changes, and then only: a preview contacts neither docker nor the registry, and an image
 * with the same content in the registry is used as it is.
 *
 * @throws {pulumi.ResourceError} that names everything that is wrong with the experiment's folder.
 */
export class ExperimentImage extends pulumi.ComponentResource {
    /** The pushed image, by digest: `repository@sha256:…`. */
    readonly reference: pulumi.Output<string>;
    /** Commit that it was built from, with `+changes` when files differed from it; empty outside of git. */
    readonly commit: pulumi.Output<string>;
    /** SHA-256 over everything that the image is made from, in hex. Known in a preview. */
    readonly contentHash: string;
    /** The tag it is pushed under: the start of the content hash. */
    readonly tag: string;

    constructor(name: string, args: ExperimentImageArgs, opts?: pulumi.ComponentResourceOptions) {
        const { path, repository, platform = "linux/amd64", buildArgs = {} } = args;
        const context = readBuildContext(process.cwd(), path);
        const hash = contentHash(imageSource(context, { platform, buildArgs }));
        super("dallinger:index:ExperimentImage", name, { ...args, contentHash: hash }, opts);
        if (context.problems.length > 0) {
            throw new pulumi.ResourceError(
                explain("The experiment's image cannot be built.", context.problems),
                this,
                true,
            );
        }

        const build = new local.Command(
            `${name}-build`,
            {
                create: `node ${buildProgram()}`,
                environment: toEnvironment({ path, repository, platform, buildArgs, contentHash: hash }),
                // The reference on stdout is for the program; what people watch is on stderr.
                logging: local.Logging.Stderr,
                // The log of the build before, in an environment variable, could be too much for the kernel.
                addPreviousOutputInEnv: false,
            },
            { parent: this },
        );

        this.contentHash = hash;
        this.tag = imageTag(hash);
        this.reference = build.stdout.apply((stdout) => readBuildOutput(stdout).reference);
        this.commit = build.stdout.apply((stdout) => readBuildOutput(stdout).commit);
        this.registerOutputs({ reference: this.reference, contentHash: this.contentHash, tag: this.tag });
    }
}

/** Relative to the project's folder, in which commands run: the same in everybody's checkout. */
function buildProgram(): string {
    return relative(process.cwd(), join(import.meta.dirname, "build.ts"))
        .split(sep)
        .join("/");
}
