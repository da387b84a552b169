import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { execaSync } from "execa";
import fc from "fast-check";
import { chooseFiles } from "../../../../components/image/files/experimentFiles.ts";
import { experimentRules, type FileRules } from "../../../../components/image/files/fileRules.ts";

/** A folder in a work tree, as somebody may leave it. */
interface Folder {
    /** Where in the work tree it is. */
    readonly at: string;
    /** Paths of files, from the work tree's top on; those of tracked ones are added whatever is ignored. */
    readonly files: readonly { readonly path: string; readonly tracked: boolean }[];
    /** Folders with a `.gitignore`, and its lines. */
    readonly ignores: readonly { readonly at: string; readonly lines: readonly string[] }[];
    readonly exclude: readonly string[];
    readonly dockerIgnore: readonly string[] | undefined;
    readonly policy: readonly string[] | undefined;
    /** Folder that is a repository of its own. */
    readonly nested: string | undefined;
    /** Links, with what they lead to. */
    readonly links: readonly (readonly [path: string, target: string])[];
    readonly hasGit: boolean;
    readonly ignoresCase: boolean;
}

const name = fc.constantFrom("a", "b", "c.py", "d.log", "é.txt", "static", "data", "e f");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const line = fc.constantFrom(
    ...[
        "a",
        "b/",
        "/a",
        "*.log",
        "!*.log",
        "*",
        "!*/",
        "!*.py",
        "a/*",
        "!a/b",
        "**/b",
        "a/**/d.log",
        "static/",
        "!static/a",
    ],
    ...["[a-c]", "é*", "e f", "\\!x", "# a", "", "?", "data", "!data/", "d.*", "/*", "!/static", "b/**", "**/*.txt"],
    ...["[[:alpha:]]", "[[:digit:]]*", "!", "a\\", "[z-a]", "A"],
);
const lines = fc.array(line, { maxLength: 4 });
const dockerLine = fc.constantFrom(
    "a",
    "*.log",
    "**/*.log",
    "!static/d.log",
    "static",
    "b/*",
    "**/é*",
    "!b/c.py",
    "*",
    "!a",
);
const folder: fc.Arbitrary<Folder> = fc.record({
    at: fc.constantFrom("", "sub", "sub/deep"),
    files: fc.array(fc.record({ path, tracked: fc.boolean() }), { minLength: 1, maxLength: 12 }),
    ignores: fc.array(fc.record({ at: fc.constantFrom("", "sub", "a", "static", "sub/deep", "sub/a"), lines }), {
        maxLength: 3,
    }),
    exclude: fc.oneof(fc.constant([]), lines),
    dockerIgnore: fc.option(fc.array(dockerLine, { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 3 }),
    policy: fc.option(fc.array(fc.constantFrom("a", "static", "b"), { maxLength: 2 }), { nil: undefined, freq: 8 }),
    nested: fc.option(fc.constantFrom("a", "static", "sub/deep/b"), { nil: undefined, freq: 4 }),
    links: fc.array(
        fc.tuple(
            fc.constantFrom("l1", "static/l2", "l3.py"),
            fc.constantFrom("a", "static", "c.py", "../a", "/etc/hostname", "HERE/a", "HERE/c.py"),
        ),
        { maxLength: 2 },
    ),
    hasGit: fc.boolean(),
    ignoresCase: fc.boolean(),
});

/** A folder that was written, and the files that an image of it has. */
export interface WrittenFolder {
    readonly folder: string;
    readonly rules: FileRules;
    readonly files: readonly string[];
}

/** Writes folders as people leave them, the same for the same seed. */
export function writeFolders(root: string, count: number, seed: number): WrittenFolder[] {
    return fc.sample(folder, { numRuns: count, seed }).map((one, index) => {
        const top = join(root, String(index));
        write(top, one);
        const at = join(top, one.at);
        return {
            folder: at,
            rules: experimentRules(at),
            files: chooseFiles(at)
                .files.map((file) => file.path)
                .toSorted(),
        };
    });
}

function write(
    top: string,
    { at, files, ignores, exclude, dockerIgnore, policy, nested, links, hasGit, ignoresCase }: Folder,
): void {
    mkdirSync(join(top, at), { recursive: true });
    const written = files.filter((file) => put(join(top, at, file.path), file.path));
    for (const ignore of ignores) put(join(top, ignore.at, ".gitignore"), ignore.lines.join("\n"));
    if (dockerIgnore !== undefined) put(join(top, at, ".dockerignore"), dockerIgnore.join("\n"));
    if (policy !== undefined) {
        const paths = JSON.stringify(policy);
        put(
            join(top, at, "deploy.toml"),
            `version = 1\n[exclude]\npaths = ${paths}\nnames = ["data"]\nsuffixes = [".log"]\n`,
        );
    }
    for (const [link, target] of links) {
        const file = join(top, at, link);
        if (isFolder(dirname(file)) && lstatSync(file, { throwIfNoEntry: false }) === undefined)
            symlinkSync(target.replace("HERE", resolve(top, at)), file);
    }
    if (!hasGit) return;
    git(top, "init", "--quiet");
    if (ignoresCase) git(top, "config", "core.ignoreCase", "true");
    put(join(top, ".git/info/exclude"), exclude.join("\n"));
    if (nested !== undefined && isFolder(join(top, nested))) git(join(top, nested), "init", "--quiet");
    for (const { path: file, tracked } of written) {
        if (tracked) execaSync("git", ["add", "--force", "--", join(at, file)], { cwd: top, reject: false });
    }
}

/** Where there is a file already, or a folder, nothing is written. */
function put(file: string, text: string): boolean {
    try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return true;
    } catch {
        return false;
    }
}

function isFolder(at: string): boolean {
    return lstatSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function git(folder: string, ...args: string[]): void {
    execaSync("git", args, { cwd: folder });
}
