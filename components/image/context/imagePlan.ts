import { readFileSync } from "node:fs";
import { configurationPath, removeCommand } from "../../configuration/checking/configurationPath.ts";
import type { Problem } from "../../configuration/checking/problems.ts";
import { readTemplate } from "../../remote/templates.ts";
import { type ContextFile, textFile } from "../files/contextFile.ts";
import { readDallinger } from "../packages/dallingerCheckout.ts";
import { checkKnownHosts, type GitRepository, sshRepositories } from "../packages/gitRepositories.ts";
import { type BaseImage, baseImages, checkBaseImages } from "./baseImages.ts";
import { type BuildContext, readBuildContext } from "./buildContext.ts";
import { byBytes, contentHash } from "./contentHash.ts";
import { type TemplateContext, templateContext } from "./templateContext.ts";

/** What an image is to be made from. */
export interface ImageOptions {
    /** The experiment's folder, relative to the project's. */
    readonly path: string;
    /** Docker's notation: `linux/amd64`. */
    readonly platform: string;
    /** Arguments of the Dockerfile; ours has `BASE`, the image that it starts from. */
    readonly buildArgs: Readonly<Record<string, string>>;
    /** A checkout of Dallinger, relative to the project's folder, that is installed in place of a released version. */
    readonly dallinger?: string | undefined;
    /** Whether what is not pinned is refused. Defaults to false. */
    readonly strict?: boolean | undefined;
    /** What the experiment's files may have together, in megabytes. Defaults to 256. */
    readonly maxSize?: number | undefined;
    /** Lines of known_hosts: the hosts that the build may reach by ssh. */
    readonly knownHosts?: readonly string[] | undefined;
    /** Whether constraints.txt does not count, so that versions are chosen anew. Defaults to false. */
    readonly renew?: boolean | undefined;
}

/** An image before it is built. */
export interface ImagePlan {
    /** The experiment's files, by path in its folder. */
    readonly files: readonly ContextFile[];
    /** What docker gets: these files, what they are built with, and the known hosts, which are no part of the hash. */
    readonly archive: readonly ContextFile[];
    /** SHA-256 over everything that the image is made from, in hex. */
    readonly contentHash: string;
    /** The images that it is built on. */
    readonly bases: readonly BaseImage[];
    /** Whether the experiment says by a Dockerfile of its own how it is built. */
    readonly ownDockerfile: boolean;
    /** Whether the build uses the operator's ssh agent. */
    readonly usesAgent: boolean;
    /** Repositories that the build takes code from by ssh. */
    readonly repositories: readonly GitRepository[];
    /** Everything that stands against building it. */
    readonly problems: readonly Problem[];
    /** What may make another image of the same source one day. Problems, where that is refused. */
    readonly warnings: readonly Problem[];
}

/** Reads all that an image is made from. Reads files and runs git, contacts nothing; tells every problem at once. */
export function planImage(projectFolder: string, options: ImageOptions): ImagePlan {
    const { path, platform, buildArgs, strict = false, knownHosts = [] } = options;
    const context = readBuildContext(projectFolder, path, options.maxSize);
    if (context.files.length === 0) return withoutFiles(context.problems);
    const { files, requirements, dockerfile, problems, findings } = context.hasDockerfile
        ? ownContext(context, options)
        : builtByTemplate(projectFolder, context, options);
    const repositories = sshRepositories(requirements);
    const bases = baseImages(dockerfile.text, buildArgs);
    const loose = [...findings, ...checkBaseImages(dockerfile.place, bases)];
    const hosts = context.hasDockerfile
        ? []
        : [textFile("known_hosts", knownHosts.map((line) => `${line}\n`).join(""))];
    return {
        files: context.files,
        archive: [...files, ...hosts].toSorted((a, b) => byBytes(a.path, b.path)),
        contentHash: contentHash({ files, platform, buildArgs }),
        bases,
        ownDockerfile: context.hasDockerfile,
        usesAgent: repositories.length > 0 || mountsAgent(context),
        repositories,
        problems: [
            ...context.problems,
            ...problems,
            ...checkKnownHosts(repositories, knownHosts),
            ...(strict ? loose : []),
        ],
        warnings: strict ? [] : loose,
    };
}

/** Nothing more can be said when the files are not known. */
function withoutFiles(problems: readonly Problem[]): ImagePlan {
    const nothing = { files: [], archive: [], contentHash: "", bases: [], repositories: [], warnings: [] };
    return { ...nothing, ownDockerfile: false, usesAgent: false, problems };
}

interface BuiltContext extends TemplateContext {
    /** Text of the Dockerfile, and where a line of it is for people. */
    readonly dockerfile: { readonly text: string; readonly place: (line: number) => string };
}

/** What an experiment's own Dockerfile does is its own business, as long as it gets everything that the stack says. */
function ownContext({ files }: BuildContext, { path, buildArgs, dallinger }: ImageOptions): BuiltContext {
    const text = textIn(files, "Dockerfile") ?? "";
    const place = (line: number) => `${path}/Dockerfile, line ${line}`;
    const unused = [
        ...(dallinger !== undefined ? ["dallinger"] : []),
        ...("BASE" in buildArgs && !/^\s*ARG\s+BASE\b/im.test(text) ? ["base"] : []),
    ];
    const problems = unused.map((key) => {
        const at = configurationPath("experiment", "image", key);
        const message = `has no use: ${path} has a Dockerfile of its own, which says itself what it installs`;
        return { path: at, message, fix: removeCommand(at) };
    });
    return { files, requirements: [], problems, findings: [], dockerfile: { text, place } };
}

function builtByTemplate(
    projectFolder: string,
    { files }: BuildContext,
    { path, buildArgs, dallinger, strict = false, renew = false }: ImageOptions,
): BuiltContext {
    const template = { Dockerfile: readTemplate("image/Dockerfile"), "install.sh": readTemplate("image/install.sh") };
    const checkout = dallinger === undefined ? undefined : readDallinger(projectFolder, dallinger);
    const text = (file: string) => textIn(files, file);
    const built = templateContext({
        folder: path,
        files,
        text,
        template,
        dallinger: checkout?.files,
        buildArgs,
        strict,
        renew,
    });
    const problems = [...built.problems, ...(checkout?.problems ?? [])];
    const place = () => configurationPath("experiment", "image", "base");
    return { ...built, problems, dockerfile: { text: template.Dockerfile, place } };
}

/** Whether a Dockerfile of the experiment's own, or the script that ours runs, asks for the agent. */
function mountsAgent({ files, hasDockerfile }: BuildContext): boolean {
    if (hasDockerfile) return /--mount=\S*\btype=ssh\b/.test(textIn(files, "Dockerfile") ?? "");
    const script = textIn(files, "prepare_docker_image.sh") ?? "";
    return /\bssh:\/\/|\bgit@/.test(script.replaceAll(/^\s*#.*$/gm, ""));
}

function textIn(files: readonly ContextFile[], path: string): string | undefined {
    const source = files.find((file) => file.path === path)?.source;
    return typeof source === "string" ? readFileSync(source, "utf8") : source?.toString("utf8");
}
