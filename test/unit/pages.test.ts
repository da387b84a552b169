import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { suite, test } from "node:test";

const project = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
    return heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, "")
        .replaceAll(" ", "-");
}

function anchorsOf(page: string): string[] {
    return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** Links of a page, other than to other sites, that lead to nothing. */
function brokenLinks(page: string, text = read(page)): string[] {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    return links.filter((link) => {
        const [path = "", anchor] = link.split("#");
        if (/^[a-z]+:/.test(path)) return false;
        const target = path === "" ? page : posix.join(dirname(page), path);
        if (!existsSync(join(project, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
}

const PAGES = globSync(["*.md", "docs/**/*.md", "examples/*/*.md", "toolchain/plugins/*/*.md"], { cwd: project });

suite("the links of pages to each other", () => {
    for (const page of PAGES) test(`lead somewhere: ${page}`, () => assert.deepEqual(brokenLinks(page), []));

    test("would be missed if they did not", () => {
        const text = "[a](gone.md) [b](configuration.md#gone) [c](configuration.md#what-is-in-the-image)";
        assert.deepEqual(brokenLinks("docs/moving.md", text), ["gone.md", "configuration.md#gone"]);
    });
});

test("every page in docs/ that a message or a comment names is there", () => {
    const rooms = ["components", "lab", "ops", "stacks", "templates", "test", "toolchain/*.sh"];
    const patterns = [
        "Makefile",
        "pulumi",
        "index.ts",
        ...rooms.map((room) => (room.includes("*") ? room : `${room}/**`)),
    ];
    const files = globSync(patterns, { cwd: project }).filter((path) => statSync(join(project, path)).isFile());
    const named = files.flatMap((file) => [...read(file).matchAll(/\bdocs\/[\w/-]+\.md/g)].map(([page]) => page));
    assert.ok(named.length > 10);
    // One that a test of the experiment's files makes.
    const missing = [...new Set(named)].filter((page) => !existsSync(join(project, page)) && page !== "docs/index.md");
    assert.deepEqual(missing, []);
});
