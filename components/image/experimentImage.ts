import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { explain } from "../configuration/checking/problems.ts";
import type { Route } from "../configuration/image/imageShape.ts";
import { programCommand } from "../local/programCommand.ts";
import { forReader } from "../local/readersCommands.ts";
import { buildEnvironment, buildProgram } from "./build/buildEnvironment.ts";
import type { BuildRequest } from "./build/dockerBuild.ts";
import { type BuildOutput, imageTag, readBuildOutput } from "./build/imageName.ts";
import { watchingHash } from "./build/watching.ts";
import { planImage } from "./context/imagePlan.ts";

/** Arguments of {@link ExperimentImage}. They are plain: the content hash is made while the program runs. */
export interface ExperimentImageArgs {
    /** The experiment's folder, relative to the Pulumi project's. */
    path: string;
    /** Repository of a registry that docker is logged in to: `ghcr.io/lab/recall`. A name will do where nothing is pushed. */
    repository: string;
    /**
     * How it gets to where it runs. Defaults to registry. With ssh or server, ExperimentApp's `delivery` brings it; with local the
     * engine that builds it keeps it, for {@link LocalApp}, and what follows edits is put on top of it.
     */
    delivery?: Route;
    /** The platform of where it runs, in Docker's notation. Defaults to `linux/amd64`. */
    platform?: string;
    /** Arguments of the Dockerfile; ours has `BASE`, the image it starts from. Never secrets: they stay readable in the image. */
    buildArgs?: Record<string, string>;
    /** A checkout of Dallinger, relative to the Pulumi project's folder, that is installed in place of a released version. */
    dallinger?: string;
    /** Whether what may make another image of the same source one day is refused, instead of warned of. Defaults to false. */
    strict?: boolean;
    /** What the experiment's files may have together, in megabytes of 1000000 bytes. Defaults to 256. */
    maxSize?: number;
    /** Lines of known_hosts: the hosts from which the build may take private code by ssh. */
    knownHosts?: string[];
    /** Hex digits of the content hash that make the tag. Defaults to 8. */
    tagLength?: number;
}

/**
 * The image of an experiment, built by the user's own docker, and pushed unless it is delivered in another way.
 *
 * It is built when its content changes, and then only: a preview contacts neither docker nor the registry, and an image
 * with the same content in the registry is used as it is.
 *
 * @throws {pulumi.ResourceError} that names everything that is wrong with the experiment's folder.
 */
export class ExperimentImage extends pulumi.ComponentResource {
    /**
     * The pushed image, by digest: `repository@sha256:…`. With delivery `ssh` or `local` the id of the one that is built and not
     * pushed; with delivery `server` empty, because that is built on the server.
     */
    readonly reference: pulumi.Output<string>;
    /** Commit that it was built from, with `+changes` when files differed from it; empty outside of git, and before it is built. */
    readonly commit: pulumi.Output<string>;
    /** All that the image is to be made from, and how it gets to the server. */
    readonly request: BuildRequest;
    /** SHA-256 over everything that the image is made from, in hex. Known in a preview. */
    readonly contentHash: string;
    /** The tag it is pushed under: the start of the content hash. */
    readonly tag: string;

    constructor(name: string, args: ExperimentImageArgs, opts?: pulumi.ComponentResourceOptions) {
        const { path, repository, platform = "linux/amd64", buildArgs = {}, strict = false, knownHosts = [] } = args;
        const { delivery = "registry", dallinger, maxSize, tagLength } = args;
        const options = { path, platform, buildArgs, dallinger, strict, maxSize, knownHosts };
        const { contentHash, problems, warnings } = planImage(process.cwd(), options);
        super("dallinger:index:ExperimentImage", name, { ...args, contentHash }, opts);
        if (problems.length > 0) {
            const title = "The experiment's image cannot be built.";
            throw new pulumi.ResourceError(forReader(explain(title, problems)), this, true);
        }
        if (warnings.length > 0) {
            pulumi.log.warn(forReader(explain("The same source may make another image one day.", warnings)), this);
        }

        const from = { path, repository, platform, buildArgs, dallinger, strict, knownHosts };
        const watching = delivery === "local" ? { watching: watchingHash() } : {};
        this.request = { ...from, ...watching, contentHash, tagLength, delivery };
        this.contentHash = contentHash;
        this.tag = imageTag(contentHash, tagLength);
        const built = delivery === "server" ? pulumi.output({ reference: "", commit: "" }) : this.build(name);
        this.reference = built.apply(({ reference }) => reference);
        this.commit = built.apply(({ commit }) => commit);
        this.registerOutputs({ reference: this.reference, contentHash: this.contentHash, tag: this.tag });
    }

    private build(name: string): pulumi.Output<BuildOutput> {
        const build = new local.Command(
            `${name}-build`,
            { ...programCommand(buildProgram), environment: buildEnvironment.render(this.request) },
            { parent: this },
        );
        return build.stdout.apply(readBuildOutput);
    }
}
