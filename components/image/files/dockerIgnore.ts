import { posix } from "node:path";

/** What a `.dockerignore` says. */
export interface DockerIgnore {
    /** Whether it leaves a file out; paths are relative to the folder of the `.dockerignore`, their parts separated by `/`. */
    leavesOut(path: string): boolean;
    /** Lines that BuildKit would refuse, each with its number. */
    readonly problems: readonly string[];
    /** By what it decides, in order. */
    readonly patterns: readonly IgnorePattern[];
}

/** A line of it. */
export interface IgnorePattern {
    /** Matches the whole path of a file, or of a folder around it. */
    readonly expression: RegExp;
    /** Whether it takes files back in. */
    readonly negated: boolean;
}

/**
 * Reads a `.dockerignore` with BuildKit's rules: a pattern counts from the folder itself, `*` and `?` stop at a `/`, `**` does not,
 * what matches a folder matches all in it, `!` takes back in, and the last pattern that matches decides.
 */
export function parseDockerIgnore(text: string): DockerIgnore {
    const problems: string[] = [];
    const patterns: IgnorePattern[] = [];
    for (const [index, line] of text
        .replace(/^\uFEFF/, "")
        .split(/\r?\n/)
        .entries()) {
        const pattern = line.startsWith("#") ? "" : line.trim();
        if (pattern === "") continue;
        const read = readPattern(pattern);
        if (read === undefined) problems.push(`line ${index + 1}, ${JSON.stringify(pattern)}, is no pattern`);
        else patterns.push(read);
    }
    return { leavesOut: (path) => isLeftOut(patterns, path.normalize("NFC")), problems, patterns };
}

function readPattern(text: string): IgnorePattern | undefined {
    const negated = text.startsWith("!");
    const pattern = (negated ? text.slice(1).trim() : text).normalize("NFC");
    if (pattern === "") return undefined;
    // As Go cleans paths: `./a//b/` is `a/b`.
    const clean = posix.normalize(pattern).replace(/(?<=.)\/$/, "");
    const expression = expressionOf(clean.replace(/^\/(?=.)/, ""));
    return expression === undefined ? undefined : { expression, negated };
}

const PART =
    /(?<deep>\*\*\/?)|(?<star>\*)|(?<one>\?)|\[(?<not>\^?)(?<set>(?:\\.|[^\]\\])+)\]|\\(?<escaped>.)|(?<plain>[^[\\])/gu;

function expressionOf(pattern: string): RegExp | undefined {
    const parts = [...pattern.matchAll(PART)];
    // A bracket without its partner, or a backslash with nothing behind it, is in no part.
    if (parts.map(([text]) => text).join("") !== pattern) return undefined;
    const texts = parts.map(({ 0: text, index, groups = {} }) => {
        const { deep, star, one, not = "", set, escaped, plain } = groups;
        if (deep !== undefined) return index + text.length === pattern.length ? ".*" : "(?:.*/)?";
        if (star !== undefined) return "[^/]*";
        if (one !== undefined) return "[^/]";
        if (set !== undefined) return `[${not}${set.replaceAll(/\\(.)|[[^]/gu, (all, own = all) => literal(own))}]`;
        return literal(escaped ?? plain ?? "");
    });
    try {
        return new RegExp(`^${texts.join("")}$`, "su");
    } catch {
        return undefined;
    }
}

function literal(character: string): string {
    return /[$()*+\-./?[\\\]^{|}]/.test(character)
        ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`
        : character;
}

/** A pattern matches a file by the file's path or by that of a folder around it. */
function isLeftOut(patterns: readonly IgnorePattern[], path: string): boolean {
    const parts = path.split("/");
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    const last = patterns.findLast(({ expression }) => paths.some((one) => expression.test(one)));
    return last !== undefined && !last.negated;
}
