import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { type PayloadFile, renderPayload } from "../../../components/remote/payload.ts";
import type { AppVerb } from "../../../components/targets/server/doors.ts";
import { placeDoor, serverFolder } from "../serverScripts.ts";

/** What of a script's surroundings a test puts in their place. */
export interface Surroundings {
    /** Text for `sh` that is run as `docker`, and finds the state of the server in the files of the folder $STATE. */
    readonly docker: string;
    /** Texts of scripts beside the one that is played, by their names. */
    readonly scripts?: Readonly<Record<string, string>>;
}

/** A folder that an app's scripts take for their server, with docker and some of the scripts replaced. Disposing it removes it. */
export class ScriptedApp implements AsyncDisposable {
    readonly root: string;
    readonly name: string;
    private readonly disposable: AsyncDisposable;
    private readonly surroundings: Surroundings;

    private constructor(root: string, name: string, surroundings: Surroundings, disposable: AsyncDisposable) {
        this.root = root;
        this.name = name;
        this.surroundings = surroundings;
        this.disposable = disposable;
    }

    /** An app that was claimed. */
    static async create(surroundings: Surroundings, name = "recall"): Promise<ScriptedApp> {
        const server = await serverFolder();
        const app = new ScriptedApp(server.root, name, surroundings, server);
        await mkdir(join(server.root, "state"));
        await mkdir(join(server.root, "server/caddy/sites"), { recursive: true });
        await app.claim();
        return app;
    }

    /** Another app on the same server. */
    async beside(name: string): Promise<ScriptedApp> {
        const nobody = { [Symbol.asyncDispose]: async () => {} };
        const other = new ScriptedApp(this.root, name, this.surroundings, nobody);
        await other.claim();
        return other;
    }

    get folder(): string {
        return join(this.root, "apps", this.name);
    }

    path(path: string): string {
        return join(this.folder, path);
    }

    has(path: string): boolean {
        return existsSync(this.path(path));
    }

    async read(path: string): Promise<string> {
        return (await readFile(this.path(path), "utf8")).trim();
    }

    async put(path: string, text: string): Promise<void> {
        await mkdir(join(this.path(path), ".."), { recursive: true });
        await writeFile(this.path(path), text);
    }

    /** Makes a link in the app's folder. */
    async link(path: string, target: string): Promise<void> {
        await symlink(target, this.path(path));
    }

    /** What runs have unpacked and not yet taken away. */
    async payloads(): Promise<string[]> {
        return this.has("payloads") ? await readdir(this.path("payloads")) : [];
    }

    /** The run that has come last; empty before the first. */
    async latestRun(): Promise<string> {
        return await readlink(this.path("latest-run")).catch(() => "");
    }

    /** Works on the app, as a run that takes long does. */
    async occupy(): Promise<AsyncDisposable> {
        return await occupy(this.folder);
    }

    /** Command lines of docker, in order. */
    async calls(): Promise<string[]> {
        const log = join(this.root, "calls");
        return existsSync(log) ? (await readFile(log, "utf8")).trimEnd().split("\n") : [];
    }

    /** Where a script finds docker, and docker the state of the server. */
    get environment() {
        return {
            PATH: `${join(this.root, "programs")}:${process.env.PATH}`,
            CALLS: join(this.root, "calls"),
            STATE: join(this.root, "state"),
        };
    }

    /** Has something done to the app, with these files as its payload. */
    start(verb: AppVerb, words: readonly string[] = [], files: readonly PayloadFile[] = []) {
        return this.call("app", [verb, ...words], files);
    }

    /** Starts a script. */
    call(script: string, words: readonly string[], files: readonly PayloadFile[] = []) {
        return this.send(script, words, files.length === 0 ? "" : renderPayload(files));
    }

    /** Starts a script, with this on its standard input. */
    send(script: string, words: readonly string[], input: string) {
        return execa(this.path(`bin/${script}`), words, {
            env: this.environment,
            input,
            reject: false,
        });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.disposable[Symbol.asyncDispose]();
    }

    private async claim(): Promise<void> {
        const bin = this.path("bin");
        await placeDoor(this.root, bin, "app");
        for (const [name, text] of Object.entries(this.surroundings.scripts ?? {})) {
            await writeFile(join(bin, name), text);
        }
        await this.put("log/none", "");
        await this.put("owner", "the-owner");
        const programs = join(this.root, "programs");
        await mkdir(programs, { recursive: true });
        const docker = `#!/bin/sh\necho "$*" >>"$CALLS"\n${this.surroundings.docker}\n`;
        await writeFile(join(programs, "docker"), docker, { mode: 0o700 });
    }
}

/** Holds the lock on a file or folder until it is disposed. */
export async function occupy(path: string): Promise<AsyncDisposable> {
    const held = execa("flock", ["--no-fork", path, "sh", "-c", "echo; exec sleep 60"], { reject: false });
    await once(held.stdout, "data");
    return {
        [Symbol.asyncDispose]: async () => {
            held.kill("SIGKILL");
            await held;
        },
    };
}

/** Waits until something is so, for up to ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await condition()); tries++) {
        if (tries > 400) throw new Error("it does not come to be");
        await setTimeout(25);
    }
}
