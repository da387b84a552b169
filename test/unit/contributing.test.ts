import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { suite, test } from "node:test";

const project = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const CONTRIBUTING = read("CONTRIBUTING.md");

/** A folder, a file with an extension or a door, as a path that begins at the project's folder or at one named before it. */
const PATH = /^[\w*-][\w.*-]*(\/[\w.*-]+)*(\/|\.\w+)$|^templates\/(app\/app|server\/server)$/;

/** What stands in backticks and is a path. */
function pathsIn(text: string): string[] {
    const words = [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
    return words.filter((word) => PATH.test(word));
}

/** Each walk with the files that it names, in order. */
function walksIn(markdown: string): [string, string[]][] {
    const [, section = ""] = /^## Three walks$(.*?)^## /ms.exec(markdown) ?? [];
    return section
        .split(/^### /m)
        .slice(1)
        .map((walk) => [walk.split("\n")[0] ?? "", pathsIn(walk).filter((path) => path.includes("/"))]);
}

/** Whether one of two files has the other one do its part. */
function areNeighbours(one: string, other: string): boolean {
    return leadsTo(one, other) || leadsTo(other, one);
}

function leadsTo(from: string, to: string): boolean {
    if (!existsSync(join(project, from))) return false;
    const text = read(from);
    if (!to.startsWith("templates/")) return importsOf(from, text).includes(to);
    if (from.startsWith("templates/")) return text.includes(`# shellcheck source=${to}\n. "`);
    return names(text, to.slice("templates/".length));
}

function importsOf(file: string, text: string): string[] {
    const imported = [...text.matchAll(/(?:from|import) "(\.[^"]+)"/g)].map(([, path = ""]) => path);
    return imported.map((path) => posix.join(dirname(file), path));
}

/** Whether a program names a template: by its path, or by its name in a list to which the folder is put. */
function names(text: string, template: string): boolean {
    const inList = text.includes(`"${basename(template)}"`) && text.includes(`\`${dirname(template)}/\${`);
    return inList || text.includes(template);
}

suite("the walks of CONTRIBUTING.md", () => {
    const walks = walksIn(CONTRIBUTING);

    test("are three, of at most ten files each", () => {
        assert.deepEqual(
            walks.map(([title]) => title.split(":")[0]),
            ["A setting", "An image", "A secret"],
        );
        for (const [title, files] of walks) assert.ok(files.length > 1 && files.length <= 10, title);
    });

    for (const [title, files] of walks) {
        for (const [index, file] of files.slice(0, -1).entries()) {
            const next = files[index + 1] ?? "";
            test(`${title.split(":")[0]} goes from ${file} to ${next}`, () => assert.ok(areNeighbours(file, next)));
        }
    }

    test("would not go from one end to the other at once", () => {
        for (const [title, files] of walks) assert.ok(!areNeighbours(files[0] ?? "", files.at(-1) ?? ""), title);
    });
});

/** Paths that are neither in the project's folder nor in one that the same line names before. */
function missingPaths(line: string): string[] {
    const paths = pathsIn(line);
    const isThere = (path: string) => (path.includes("*") ? globSync(path, { cwd: project }).length > 0 : exists(path));
    return paths.filter((path, index) => {
        const folders = paths.slice(0, index).map((before) => posix.join(before, before.endsWith("/") ? "." : ".."));
        // Outside of tables a name alone may be one on a server, or in an experiment.
        if (!line.startsWith("|") && !path.includes("/")) return false;
        return !["", ...folders].some((folder) => isThere(posix.join(folder, path)));
    });
}

function exists(path: string): boolean {
    return existsSync(join(project, path));
}

suite("the paths of CONTRIBUTING.md", () => {
    test("exist", () => assert.deepEqual(CONTRIBUTING.split("\n").flatMap(missingPaths), []));

    test("would be missed if they did not", () => {
        const line =
            "| a row | `components/image/delivery/`, `components/app/appCompose.ts`, `gone.ts`, `appPlace.ts` | |";
        assert.deepEqual(missingPaths(line), ["components/image/delivery/", "gone.ts"]);
    });
});
