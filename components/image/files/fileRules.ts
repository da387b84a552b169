import type { DeploymentPolicy } from "./deploymentPolicy.ts";
import { EXCLUDED_NAMES, type ExcludedNames, LEFTOVER_NAMES } from "./excludedNames.ts";
import { NEVER_BY_POLICY, readIgnore, readPolicy } from "./experimentFiles.ts";
import { isInWorkTree } from "./folderListing.ts";
import { type GitRules, readGitRules } from "./gitRules.ts";
import { SENSITIVE_SIGNS, SETTINGS_FILES } from "./sensitiveFiles.ts";

/**
 * The rules by which files of a folder are chosen for an image, as plain data: for what follows a folder's edits in a container, where
 * neither git nor this program is (templates/local/rules.py). What git and the other files say below the folder itself, it reads there.
 */
export interface FileRules {
    readonly leftOut: ExcludedNames;
    /** A `deploy.toml`, where there is one, and what it does not decide. Git does not count then. */
    readonly policy?: DeploymentPolicy & { readonly never: readonly string[] };
    /** Not there where git does not count. */
    readonly git?: GitRules;
    /** Whether the folder lies in no work tree. */
    readonly outsideGit: boolean;
    /** Sources of regular expressions for whole paths; the last that matches decides. */
    readonly dockerIgnore: readonly { readonly expression: string; readonly negated: boolean }[];
    readonly sensitive: readonly SensitiveRule[];
}

/** A sign by which a file stays out, with the sources of its expressions. */
interface SensitiveRule {
    readonly in: "name" | "content";
    readonly expression: string;
    readonly flags: string;
    readonly names?: string;
    readonly reason: string;
}

/** The rules for an experiment's folder, which have been found to be right (`chooseFiles`). */
export function experimentRules(folder: string): FileRules {
    const { policy } = readPolicy(folder);
    const git = policy === undefined ? readGitRules(folder) : undefined;
    const { patterns } = readIgnore(folder);
    return {
        leftOut: policy === undefined ? EXCLUDED_NAMES : LEFTOVER_NAMES,
        ...(policy !== undefined && { policy: { ...policy, never: [...NEVER_BY_POLICY] } }),
        ...(git !== undefined && { git }),
        outsideGit: policy === undefined && !isInWorkTree(folder),
        dockerIgnore: patterns.map(({ expression, negated }) => ({ expression: expression.source, negated })),
        sensitive: [...signs, ...settings],
    };
}

/** The same for a checkout of Dallinger (`readDallinger`). */
export function checkoutRules(folder: string): FileRules {
    const git = readGitRules(folder);
    const outsideGit = !isInWorkTree(folder);
    return {
        leftOut: LEFTOVER_NAMES,
        ...(git !== undefined && { git }),
        outsideGit,
        dockerIgnore: [],
        sensitive: signs,
    };
}

const signs: readonly SensitiveRule[] = SENSITIVE_SIGNS.map(({ in: where, expression, names, reason }) => {
    const { source, flags } = expression;
    return { in: where, expression: source, flags, ...(names !== undefined && { names: names.source }), reason };
});

const settings: readonly SensitiveRule[] = SETTINGS_FILES.map(({ source, flags }) => {
    const reason = "is a file of settings: whether it may be in an image, `./pulumi up` says";
    return { in: "name", expression: source, flags, reason };
});
