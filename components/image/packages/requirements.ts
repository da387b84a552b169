import { posix } from "node:path";
import type { Problem } from "../../configuration/checking/problems.ts";

/** A package that a requirements file asks for. */
export interface Requirement {
    /** As it stands there, on one line and without comment. */
    readonly text: string;
    /** As the index compares names: `zope-interface`; empty for an address that does not say what it is of. */
    readonly name: string;
    /** `[docker]`, or nothing. */
    readonly extras: string;
    /** `>=12,<13`, or nothing. */
    readonly specifier: string;
    /** Address that it comes from, or nothing. */
    readonly url: string;
    /** Condition that it depends on, or nothing. */
    readonly marker: string;
}

/** A line that is for pip and asks for no package: `--index-url https://…`. */
export interface PipOption {
    readonly name: string;
    readonly value: string;
}

/** What a requirements file says. */
export interface RequirementsFile {
    readonly requirements: readonly Requirement[];
    readonly options: readonly PipOption[];
}

/** Reads the text of a requirements or constraints file, by pip's rules. */
export function parseRequirements(text: string): RequirementsFile {
    const requirements: Requirement[] = [];
    const options: PipOption[] = [];
    for (const line of logicalLines(text)) {
        const [, name, value = ""] = /^(-[a-z]|--[a-z-]+)(?:[\s=]+(.*))?$/.exec(line) ?? [];
        // Installed for good, what is said to be editable needs no folder to stay in.
        if (name === "-e" || name === "--editable") requirements.push(parseRequirement(value));
        else if (name !== undefined) options.push({ name, value });
        else requirements.push(parseRequirement(line));
    }
    return { requirements, options };
}

/** Whether a requirement is a folder or a file of some machine. */
export function isLocal({ text, url }: Requirement): boolean {
    if (/^file:/.test(url)) return true;
    return url === "" && /^[.~/\\]|[/\\]|\.(whl|tar\.gz|zip)$/.test(text.replace(/\s*[;#[].*$/, ""));
}

/** Whether a requirement always means the same code: one version, or one commit of a repository. */
export function isPinned({ specifier, url }: Requirement): boolean {
    if (url !== "") return !url.startsWith("git+") || /@[0-9a-f]{40}(#|$)/.test(url);
    return /^===?\s*[^*,\s]+$/.test(specifier);
}

/** A package's name as the index compares it. */
function normalName(name: string): string {
    return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function logicalLines(text: string): string[] {
    const joined = text.replace(/^\uFEFF/, "").replaceAll(/\\\r?\n/g, " ");
    return joined
        .split(/\r\n|\r|\n/)
        .map((line) => line.replace(/(^|\s+)#.*$/, "").trim())
        .filter((line) => line !== "");
}

const NAMED =
    /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?<extras>\[[^\]]*\])?\s*(?:@\s*(?<url>\S+)|(?<specifier>[^;@/\\:]*?))\s*(?:;\s*(?<marker>.*))?$/;

function parseRequirement(line: string): Requirement {
    const text = line.replaceAll(/\s+/g, " ").trim();
    const { name, extras = "", url = "", specifier = "", marker = "" } = NAMED.exec(withoutHashes(text))?.groups ?? {};
    if (name === undefined) return { ...addressed(text), text };
    return {
        text,
        name: normalName(name),
        extras,
        url,
        specifier: specifier.replace(/^\((.*)\)$/, "$1").trim(),
        marker,
    };
}

/** An address by itself may say behind `#egg=` what it is of. */
function addressed(text: string): Omit<Requirement, "text"> {
    const [, url = "", marker = ""] = /^([a-z+]+:\/\/\S+|file:\S+)(?:\s*;\s*(.*))?$/.exec(withoutHashes(text)) ?? [];
    const [, egg = "", extras = ""] = /[#&]egg=([\w.-]+)(\[[^\]]*\])?/.exec(url) ?? [];
    return { name: normalName(egg), extras, url, specifier: "", marker };
}

function withoutHashes(text: string): string {
    return text.replaceAll(/\s--hash[=\s]\S+/g, "");
}

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
