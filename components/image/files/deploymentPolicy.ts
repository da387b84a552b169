import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { isVersionControl } from "./excludedNames.ts";

/** What a `deploy.toml` leaves out of an experiment's folder. */
export interface DeploymentPolicy {
    /** Files, and folders with all in them, from the experiment's folder on. */
    readonly paths: readonly string[];
    /** Names of files and folders, wherever they are. */
    readonly names: readonly string[];
    /** Endings of such names: `.db`. */
    readonly suffixes: readonly string[];
}

/** A policy that holds, or everything that Dallinger would refuse in it. */
export type ParsedPolicy = { readonly policy: DeploymentPolicy } | { readonly problems: readonly string[] };

const texts = z.array(z.string()).optional();
const policyShape = z.strictObject({
    version: z.literal(1),
    exclude: z.strictObject({ paths: texts, names: texts, suffixes: texts }),
});

/** Files in the experiment's folder that Dallinger writes itself, or that it needs. */
const RESERVED: ReadonlySet<string> = new Set([
    "deploy.toml",
    "config.txt",
    "constraints.txt",
    "experiment_id.txt",
    "requirements.txt",
    "runtime.txt",
]);

/**
 * Reads a `deploy.toml` as Dallinger does since 12.4: version 1, a table `exclude` with `paths`, `names` and `suffixes`, all of
 * them literal. Paths are compared in Unicode's form NFC.
 */
export function parseDeploymentPolicy(text: string): ParsedPolicy {
    let raw: unknown;
    try {
        raw = parse(text);
    } catch (error) {
        if (error instanceof TomlError) return { problems: [`line ${error.line} is no TOML`] };
        throw error;
    }
    const parsed = policyShape.safeParse(raw);
    if (!parsed.success) return { problems: parsed.error.issues.map(shapeProblem) };
    const { paths = [], names = [], suffixes = [] } = parsed.data.exclude;
    const problems = [
        ...paths.flatMap((path) => wrongEntry("paths", path, path.split("/"))),
        ...names.flatMap((name) => wrongEntry("names", name, [name])),
        ...suffixes.flatMap((suffix) => wrongEntry("suffixes", suffix, [suffix])),
    ];
    if (problems.length > 0) return { problems };
    return { policy: { paths: normalized(paths), names: normalized(names), suffixes: normalized(suffixes) } };
}

/** Whether a policy leaves a path out; its parts are separated by `/`. */
export function policyLeavesOut({ paths, names, suffixes }: DeploymentPolicy, path: string): boolean {
    const normal = path.normalize("NFC");
    return (
        paths.some((excluded) => normal === excluded || normal.startsWith(`${excluded}/`)) ||
        normal.split("/").some((name) => names.includes(name) || suffixes.some((suffix) => name.endsWith(suffix)))
    );
}

function shapeProblem({ code, path, ...issue }: z.core.$ZodIssue): string {
    const at = path.join(".");
    if (code === "unrecognized_keys" && "keys" in issue)
        return `${[at, issue.keys].flat().join(" ").trim()} is not known`;
    if (at === "version") return "version must be 1";
    return `${at || "it"} must be ${path.length < 2 ? "a table with paths, names and suffixes" : "a list of texts"}`;
}

function wrongEntry(key: "paths" | "names" | "suffixes", text: string, parts: readonly string[]): string[] {
    const refuse = (why: string) => [`exclude.${key} has ${JSON.stringify(text)}: ${why}`];
    if (/[*?[\]{}!\\]/.test(text))
        return refuse("patterns and negation are not known to Dallinger, .dockerignore has both");
    if (parts.some((part) => ["", ".", ".."].includes(part))) {
        return refuse("it must be relative to the experiment's folder, without empty parts, `.` and `..`");
    }
    if (key !== "paths" && text.includes("/")) return refuse("it must be one name, without `/`");
    if (key === "suffixes" && !/^\../.test(text)) return refuse("it must look like .db");
    const [root = ""] = parts;
    if (RESERVED.has(root) || parts.some((part) => isVersionControl(part) || isIgnoreFile(part))) {
        return refuse("Dallinger decides about that itself");
    }
    return [];
}

function isIgnoreFile(name: string): boolean {
    return name === ".slugignore" || name.endsWith(".dockerignore");
}

function normalized(texts: readonly string[]): string[] {
    return texts.map((text) => text.normalize("NFC"));
}
