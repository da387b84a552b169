import type { Problem } from "../../configuration/checking/problems.ts";
import { below, type ContextFile, textFile } from "../files/contextFile.ts";
import { checkDependencies } from "../packages/dependencies.ts";
import { packageFiles } from "../packages/packageFiles.ts";
import type { Requirement } from "../packages/requirements.ts";
import { baseImages, pythonOf } from "./baseImages.ts";

/** What an image is made from by our own Dockerfile. */
export interface TemplateSource {
    /** The experiment's folder as it is shown. */
    readonly folder: string;
    /** The experiment's files, by path in its folder. */
    readonly files: readonly ContextFile[];
    /** Text of one of them, if it is there. */
    readonly text: (path: string) => string | undefined;
    /** Our Dockerfile and the script that it runs, by name. */
    readonly template: Readonly<Record<"Dockerfile" | "install.sh", string>>;
    /** The files of a checkout of Dallinger, when it comes from one. */
    readonly dallinger?: readonly ContextFile[] | undefined;
    readonly buildArgs: Readonly<Record<string, string>>;
    readonly strict: boolean;
    /** Whether constraints.txt does not count, so that versions are chosen anew. */
    readonly renew: boolean;
}

/** The build context of such an image. */
export interface TemplateContext {
    readonly files: readonly ContextFile[];
    readonly requirements: readonly Requirement[];
    /** What stands against the build. */
    readonly problems: readonly Problem[];
    /** What is not pinned. */
    readonly findings: readonly Problem[];
}

/** Puts the experiment below `experiment/`, and beside it what its packages are installed from: our Dockerfile and `packages/`. */
export function templateContext(source: TemplateSource): TemplateContext {
    const { folder, files, text, template, dallinger, buildArgs, strict, renew } = source;
    const [base] = baseImages(template.Dockerfile, buildArgs);
    const { usesConstraints, findings } = checkDependencies({
        folder,
        requirements: text("requirements.txt"),
        constraints: renew ? undefined : text("constraints.txt"),
        python: pythonOf(base?.image ?? ""),
    });
    const hasCheckout = dallinger !== undefined;
    const packages = packageFiles({ folder, text, usesConstraints, hasCheckout, strict });
    const made = { "install.sh": template["install.sh"], ...packages.files };
    return {
        files: [
            textFile("Dockerfile", template.Dockerfile),
            ...Object.entries(made).map(([path, content]) => textFile(`packages/${path}`, content)),
            ...(dallinger ?? []).map((file) => below("packages/dallinger", file)),
            ...files.map((file) => below("experiment", file)),
        ],
        requirements: packages.requirements,
        problems: packages.problems,
        findings,
    };
}
