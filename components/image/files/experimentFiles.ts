import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../configuration/checking/problems.ts";
import { type DeploymentPolicy, parseDeploymentPolicy, policyLeavesOut } from "./deploymentPolicy.ts";
import { parseDockerIgnore } from "./dockerIgnore.ts";
import { isExcludedName, isLeftover, isOwnFile } from "./excludedNames.ts";
import { type FileSource, resolveFiles } from "./fileSources.ts";
import { listAll, listFolder } from "./folderListing.ts";

/** The files of an experiment, and what is wrong with the choice; paths of both are relative to its folder. */
export interface ExperimentFiles {
    readonly files: readonly FileSource[];
    readonly problems: readonly Problem[];
}

/** What a `deploy.toml` does not decide: settings that reach the app another way, and what Dallinger generates. */
export const NEVER_BY_POLICY: ReadonlySet<string> = new Set(["config.txt", "experiment_id.txt", "runtime.txt"]);

/**
 * Chooses the files of an experiment's folder: those that git sees, without the excluded names; or, where there is a
 * `deploy.toml`, all but what that leaves out, as Dallinger does. A `.dockerignore` leaves out more in either case.
 *
 * @throws {GitListingError} when git is needed and fails.
 */
export function chooseFiles(folder: string): ExperimentFiles {
    const { policy, problems: inPolicy } = readPolicy(folder);
    const { leavesOut, problems: inIgnore } = readIgnore(folder);
    const isWanted = (path: string) =>
        !isIgnoreFile(path) && !isOwnFile(path) && (path === "Dockerfile" || !leavesOut(path));
    const listed = policy === undefined ? listFolder(folder, isExcludedName) : listByPolicy(folder, policy);
    const { files, problems } = resolveFiles(folder, listed.filter(isWanted));
    // A link to a folder brings in paths of its own.
    const wanted = files.filter(({ path }) => isWanted(path));
    return { files: wanted, problems: [...inPolicy, ...inIgnore, ...problems] };
}

function listByPolicy(folder: string, policy: DeploymentPolicy): string[] {
    return listAll(folder, isLeftover).filter((path) => !NEVER_BY_POLICY.has(path) && !policyLeavesOut(policy, path));
}

/** What its `deploy.toml` says, where it has one. */
export function readPolicy(folder: string): { policy?: DeploymentPolicy; problems: Problem[] } {
    const text = readFile(folder, "deploy.toml");
    if (text === undefined) return { problems: [] };
    const parsed = parseDeploymentPolicy(text);
    if ("policy" in parsed) return { policy: parsed.policy, problems: [] };
    const fix = "`dallinger deployment-files init` writes one to begin with.";
    return { problems: parsed.problems.map((message) => ({ path: "deploy.toml", message, fix })) };
}

/** What its `.dockerignore` says. BuildKit prefers the one that is named after the Dockerfile. */
export function readIgnore(folder: string) {
    const own = readFile(folder, "Dockerfile") && readFile(folder, "Dockerfile.dockerignore");
    const path = own === undefined ? ".dockerignore" : "Dockerfile.dockerignore";
    const { leavesOut, patterns, problems } = parseDockerIgnore(own ?? readFile(folder, path) ?? "");
    return { leavesOut, patterns, problems: problems.map((message) => ({ path, message })) };
}

/** They say what is in the image, and are not. */
function isIgnoreFile(path: string): boolean {
    return path.endsWith(".dockerignore") || path.split("/").at(-1) === ".slugignore";
}

function readFile(folder: string, name: string): string | undefined {
    const file = join(folder, name);
    return lstatSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, "utf8") : undefined;
}
