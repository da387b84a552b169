import { posix } from "node:path";
import type { Problem } from "../../configuration/checking/problems.ts";
import { parseRequirements, type RequirementsFile } from "./requirements.ts";

/** Where requirements files are read. */
export interface RequirementsFolder {
    /** The folder as it is shown. */
    readonly folder: string;
    /** Text of a file by its path in the folder, if it is there. */
    readonly text: (path: string) => string | undefined;
}

/** What a requirements file says together with those that it names, and what is wrong with that. */
export interface IncludedRequirements extends RequirementsFile {
    readonly problems: readonly Problem[];
}

/** Reads a requirements file and puts in what it names with `-r`, each file once; `-c constraints.txt` goes without saying. */
export function readIncluded(from: RequirementsFolder, path: string, seen = new Set<string>()): IncludedRequirements {
    seen.add(path);
    const { requirements, options } = parseRequirements(from.text(path) ?? "");
    const own = { requirements, options: options.filter(({ name }) => !INCLUDES.has(name)), problems: [] };
    const parts: IncludedRequirements[] = [own];
    for (const { name, value } of options.filter((option) => INCLUDES.has(option.name))) {
        const target = posix.join(posix.dirname(path), value);
        const message = whyNot(from, name, value, target);
        if (seen.has(target) || (isConstraint(name) && target === "constraints.txt")) continue;
        if (message === undefined) parts.push(readIncluded(from, target, seen));
        else parts.push({ requirements: [], options: [], problems: [{ path: `${from.folder}/${path}`, message }] });
    }
    return {
        requirements: parts.flatMap((part) => part.requirements),
        options: parts.flatMap((part) => part.options),
        problems: parts.flatMap((part) => part.problems),
    };
}

const INCLUDES: ReadonlySet<string> = new Set(["-r", "--requirement", "-c", "--constraint"]);

function isConstraint(name: string): boolean {
    return name === "-c" || name === "--constraint";
}

function whyNot({ text }: RequirementsFolder, name: string, value: string, target: string): string | undefined {
    if (isConstraint(name)) return `has ${name} ${value}: what constrains the image's packages is constraints.txt`;
    return text(target) === undefined ? `names ${value}, which is not among the image's files` : undefined;
}
