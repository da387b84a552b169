import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

const templates = join(import.meta.dirname, "../../../templates");

/** What a script of the app has done with the docker of a test in the place of the server's. */
export interface ScriptRun {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Command lines of docker, in order. */
    readonly calls: readonly string[];
}

/** An app's folder with its scripts, in which `docker` is a text for `sh` that gets the arguments. */
export class AppScripts {
    readonly folder: string;

    constructor(context: TestContext, docker: string, files: Readonly<Record<string, string>> = {}) {
        this.folder = mkdtempSync(join(tmpdir(), "app-scripts-"));
        context.after(() => rmSync(this.folder, { recursive: true }));
        for (const scripts of ["shared", "app"])
            cpSync(join(templates, scripts), join(this.folder, "bin"), { recursive: true });
        const server = readFileSync(join(this.folder, "bin/server.sh"), "utf8");
        this.put("bin/server.sh", server.replace(/^root=\/srv\/dallinger$/m, `root=${this.folder}`));
        this.put("server/none", "");
        this.put("log/none", "");
        this.put("machine/docker", `#!/bin/sh\necho "$*" >>"$CALLS"\n${docker}\n`);
        chmodSync(join(this.folder, "machine/docker"), 0o755);
        for (const [path, content] of Object.entries(files)) this.put(path, content);
    }

    put(path: string, content: string): void {
        mkdirSync(join(this.folder, dirname(path)), { recursive: true });
        writeFileSync(join(this.folder, path), content);
    }

    text(path: string): string {
        return readFileSync(join(this.folder, path), "utf8");
    }

    has(path: string): boolean {
        return existsSync(join(this.folder, path));
    }

    /** Runs a text for `sh` in which the app's names are known, as its scripts do. */
    run(text: string, input = ""): ScriptRun {
        const calls = join(this.folder, "calls");
        const script = `set -eu\nbin=$1\n. "$bin/app.sh"\n${text}`;
        const PATH = `${join(this.folder, "machine")}:${process.env.PATH}`;
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", join(this.folder, "bin")], {
            input,
            encoding: "utf8",
            env: { ...process.env, PATH, CALLS: calls },
        });
        const noted = existsSync(calls) ? readFileSync(calls, "utf8").trimEnd().split("\n") : [];
        return { status, stdout, stderr, calls: noted };
    }
}
