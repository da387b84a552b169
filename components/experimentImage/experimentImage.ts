import { join, relative, sep } from "node:path";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { explain } from "../problems.ts";
import { toEnvironment } from "./buildEnvironment.ts";
import { imageTag, readBuildOutput } from "./imageName.ts";
import { planImage } from "./imagePlan.ts";

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
    /** A checkout of Dallinger, relative to the Pulumi project's folder, that is installed in place of a released version. */
    dallinger?: string;
    /** Whether it is refused what may make another image of the same source one day, not only told. Defaults to false. */
    strict?: boolean;
    /** What the experiment's files may have together, in megabytes of 1000000 bytes. Defaults to 256. */
    maxSize?: number;
    /** Lines of known_hosts: the hosts from which the build may take private code by ssh. */
    knownHosts?: string[];
    /** Hex digits of the content hash that make the tag. Defaults to 8. */
    tagLength?: number;
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
        const { path, repository, platform = "linux/amd64", buildArgs = {}, strict = false, knownHosts = [] } = args;
        const { dallinger, maxSize, tagLength } = args;
        const options = { path, platform, buildArgs, dallinger, strict, maxSize, knownHosts };
        const { contentHash, problems, warnings } = planImage(process.cwd(), options);
        super("dallinger:index:ExperimentImage", name, { ...args, contentHash }, opts);
        if (problems.length > 0) {
            throw new pulumi.ResourceError(explain("The experiment's image cannot be built.", problems), this, true);
        }
        if (warnings.length > 0) {
            pulumi.log.warn(explain("The same source may make another image one day.", warnings), this);
        }

        const build = new local.Command(
            `${name}-build`,
            {
                create: `node ${buildProgram()}`,
                environment: toEnvironment({ ...options, repository, contentHash, tagLength }),
                // The reference on stdout is for the program; what people watch is on stderr.
                logging: local.Logging.Stderr,
                // The log of the build before, in an environment variable, could be too much for the kernel.
                addPreviousOutputInEnv: false,
            },
            { parent: this },
        );

        this.contentHash = contentHash;
        this.tag = imageTag(contentHash, tagLength);
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
