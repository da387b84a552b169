import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** What a test puts into a folder: a file's text, or where a link leads. */
export type Content = string | { readonly link: string } | { readonly script: string };

/** Makes a folder with these files, which is gone after the test. */
export function temporaryFolder(context: TestContext, files: Readonly<Record<string, Content>> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "dallinger-test-"));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    put(folder, files);
    return folder;
}

/** Puts files into a folder. */
export function put(folder: string, files: Readonly<Record<string, Content>>): void {
    for (const [path, content] of Object.entries(files)) {
        const at = join(folder, path);
        mkdirSync(dirname(at), { recursive: true });
        if (typeof content === "string") writeFileSync(at, content);
        else if ("link" in content) symlinkSync(content.link, at);
        else {
            writeFileSync(at, content.script);
            chmodSync(at, 0o755);
        }
    }
}

/** Runs git in a folder, with nothing of the machine's own configuration. */
export function git(folder: string, ...args: readonly string[]): void {
    const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    execFileSync("git", [...identity, ...args], { cwd: folder, env, stdio: "pipe" });
}
