import type { Readable } from "node:stream";
import { execa } from "execa";
import { type Secret, secretForms } from "./secretForms.ts";

/** A secret where it has no business to be. */
export interface Finding {
    readonly secret: string;
    readonly form: string;
    /** A file's path, or what else was searched. */
    readonly place: string;
}

/** Names of files in one call of grep, well below what a command line takes. */
const batch = 1000;

/** Looks for secrets in all their forms. The forms reach grep by a pipe: they are in no file, argument or environment. */
export class SecretSearch {
    private readonly forms: ReadonlyMap<string, { readonly secret: string; readonly form: string }>;
    private readonly patterns: Uint8Array;

    constructor(secrets: readonly Secret[]) {
        // Of equal texts the first counts: the plainest form.
        const forms = secrets.flatMap(secretForms).map(({ text, ...form }) => [text, form] as const);
        this.forms = new Map(forms.toReversed());
        this.patterns = Buffer.from([...this.forms.keys()].map((text) => `${text}\n`).join(""));
    }

    /** Searches texts, each named by its place. */
    async texts(texts: Readonly<Record<string, string | Uint8Array>>): Promise<Finding[]> {
        const findings: Finding[] = [];
        for (const [place, input] of Object.entries(texts)) {
            const { stdout } = await this.grep([], input);
            findings.push(...this.read(place, stdout));
        }
        return findings;
    }

    /** Searches what comes out of a stream. */
    async stream(place: string, stream: Readable): Promise<Finding[]> {
        const { stdout } = await this.grep([], stream);
        return this.read(place, stdout);
    }

    /** Searches files, whatever is in them. Those that are gone by now are left out. */
    async files(paths: readonly string[]): Promise<Finding[]> {
        const hits = new Map<string, string[]>();
        for (let start = 0; start < paths.length; start += batch) {
            const { stdout } = await this.grep(["-HZ", "--", ...paths.slice(start, start + batch)]);
            for (const line of stdout.split("\n")) {
                const [path = "", text = ""] = line.split("\0");
                hits.set(path, [...(hits.get(path) ?? []), text]);
            }
        }
        return [...hits].flatMap(([path, texts]) => this.read(path, texts.join("\n")));
    }

    private async grep(args: readonly string[], input: string | Uint8Array | Readable = "") {
        // What node makes for a process is a socket, which cannot be opened by its name; what bash makes is a pipe.
        const command = ["-c", 'exec grep -aoFs -f <(exec cat <&3) "$@"', "bash", ...args];
        const grep = await execa("bash", command, {
            input,
            env: { LC_ALL: "C" },
            stdio: ["pipe", "pipe", "pipe", this.patterns],
            reject: false,
            maxBuffer: 1 << 30,
        });
        // 1: nothing found; 2: a file that is gone, or something that makes the search worthless, of which grep tells in spite of -s.
        if (grep.exitCode === undefined || grep.stderr !== "") throw new Error(`grep: ${grep.stderr}`);
        return { stdout: grep.stdout };
    }

    private read(place: string, texts: string): Finding[] {
        const found = [...new Set(texts.split("\n"))].flatMap((text) => this.forms.get(text) ?? []);
        return found.map((form) => ({ ...form, place }));
    }
}
