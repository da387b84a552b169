import { rmSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { execa } from "execa";
import { quote } from "../../../components/configuration/checking/shellWord.ts";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { compiledOnce } from "../../support/compiledOnce.ts";

/** The server of all stacks. */
export const SERVER = {
    id: "an id",
    layout: 1,
    host: "203.0.113.7",
    port: 22,
    user: "debian",
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBFeOkfB34GbBLDLyWShZYVzMEoJ1NFFwS1cYIJPpsmD",
    dnsHost: "",
    platform: "linux/amd64" as const,
    caCertificate: "",
    images: { redis: "redis:8", pgbouncer: "edoburu/pgbouncer:v1.25.2-p0" },
};

/** Answers as a pulumi does whose stacks have a folder each in $1; with what it is asked it notes whose it is. */
const answers = `
echo "$WHO $* home=\${PULUMI_HOME:-}" >>"$NOTES/asked"
case "$*" in *'stack ls'*)
    for each in "$STACKS"/*; do printf '%s{ "name": "%s" }' "\${comma-[}" "$(basename "$each")"; comma=,; done
    echo ]
    exit ;;
esac
stack=selected
for word; do [ "\${last:-}" != --stack ] || stack=$word; last=$word; done
cd "$STACKS/$stack" 2>/dev/null || { echo "error: no stack named '$stack' found" >&2; exit 6; }
case "$*" in
*'stack --show-name'*) echo "$stack" ;;
*'stack output server'*) cat "$NOTES/server.json" ;;
*'stack output --json'*) cat outputs 2>/dev/null || echo '{}' ;;
*'stack output composeFile'*) echo local/recall-a1b2c3/compose.yaml ;;
*'stack export'*) cat export 2>/dev/null || echo '{ "deployment": null }' ;;
*'config --json'*)
    [ ! -e secrets ] || secret=', "dallinger:serverSecrets": { "secret": true }'
    experiment=$(cat experiment 2>/dev/null || echo '{}')
    echo "{ \\"dallinger:experiment\\": { \\"objectValue\\": $experiment }\${secret:-} }"
    ;;
*'config get dallinger:serverSecrets'*) cat secrets || { echo "error: incorrect passphrase" >&2; exit 1; } ;;
*'stack output composeFile'*) echo local/recall-a1b2c3/compose.yaml ;;
*'config set'*) : ;;
*) echo "a stand-in cannot: $*" >&2; exit 1 ;;
esac
`;

/** What all command lines of a test file are linked from: a copy for each takes as long as a command. */
const shared = await mkdtemp(join(tmpdir(), "command-lines-"));
process.once("exit", () => rmSync(shared, { recursive: true }));
const sources = ["ops", "components", "package.json", "Pulumi.yaml"];
await execa("cp", ["-R", ...sources.map((name) => join(projectFolder, name)), shared]);

/** A copy of the project whose `./pulumi`, toolchain and ssh are stand-ins, and a user's own pulumi, with folders of their stacks. */
export class CommandLine {
    readonly folder: string;
    private readonly environment: Record<string, string>;

    private constructor(folder: string, compiled: Readonly<Record<string, string>>) {
        this.folder = folder;
        this.environment = {
            PATH: `${join(folder, "bin")}:${process.env.PATH}`,
            HOME: join(folder, "home"),
            TMPDIR: join(folder, "tmp"),
            NOTES: join(folder, "notes"),
            ...compiled,
            // What `toolchain run` has set for the tests is not the user's.
            ...{ PULUMI_HOME: "", PULUMI_CREDENTIALS_PATH: "", PULUMI_BACKEND_URL: "", PULUMI_ACCESS_TOKEN: "" },
        };
    }

    static async create(test: TestContext): Promise<CommandLine> {
        const folder = await mkdtemp(join(tmpdir(), "command-line-"));
        const line = new CommandLine(folder, await compiledOnce(folder));
        test.after(() => rm(line.folder, { recursive: true }));
        for (const name of ["bin", "home", "tmp", "notes", "stacks/project", "stacks/own", "project/toolchain"])
            await mkdir(join(line.folder, name), { recursive: true });
        await execa("cp", ["-Rl", ...sources.map((name) => join(shared, name)), join(line.folder, "project")]);
        await symlink(join(projectFolder, "node_modules"), join(line.folder, "project/node_modules"));
        await writeFile(join(line.folder, "notes/server.json"), JSON.stringify(SERVER));
        await line.script(
            "project/toolchain/toolchain",
            'shift; export PULUMI_HOME=/toolchain PULUMI_CREDENTIALS_PATH=/toolchain; exec "$@"',
        );
        await line.script("project/pulumi", `WHO=wrapper STACKS="${line.folder}/stacks/project"${answers}`);
        // ssh: what it is called with, and the key that it is given, with its mode.
        await line.script(
            "bin/ssh",
            [
                'echo "$*" >>"$NOTES/ssh"',
                'key=$(echo "$*" | sed -n \'s/.*IdentityFile="\\([^"]*\\)".*/\\1/p\')',
                '[ -z "$key" ] || { cat "$key"; stat -c %a "$key"; } >"$NOTES/key"',
                '[ ! -e "$NOTES/ssh-answers" ] || . "$NOTES/ssh-answers"',
                'if [ -e "$NOTES/ssh-waits" ]; then echo waiting >"$NOTES/waiting"; exec sleep 60; fi',
            ].join("\n"),
        );
        return line;
    }

    /** Puts a pulumi of the user's own on the PATH: sh by another name, so that what it is to do is in files of its first words. */
    async addOwnPulumi(): Promise<void> {
        const { stdout: sh } = await execa("sh", ["-c", "readlink -f $(command -v sh)"]);
        await cp(sh, join(this.folder, "bin/pulumi"));
        for (const word of ["stack", "config"])
            await writeFile(
                join(this.folder, "project", word),
                `set -- ${word} "$@"; WHO=own STACKS="${this.folder}/stacks/own"${answers}`,
            );
    }

    /** Logs the user's own pulumi in to a backend. */
    async logIn(folder = "home/.pulumi"): Promise<void> {
        await mkdir(join(this.folder, folder), { recursive: true });
        await writeFile(join(this.folder, folder, "credentials.json"), '{ "current": "https://api.pulumi.com" }');
    }

    /** Gives one of the two a stack; that with the name `selected` is the selected one. */
    async addStack(whose: "project" | "own", name: string, secrets?: unknown): Promise<void> {
        const folder = join(this.folder, "stacks", whose, name);
        await mkdir(folder, { recursive: true });
        if (secrets !== undefined) await writeFile(join(folder, "secrets"), JSON.stringify(secrets));
    }

    /** Gives the project a stack with an experiment, and with `outputs` and `export` of its state where they are named. */
    async addExperiment(name: string, experiment: object, state: Readonly<Record<string, object>> = {}): Promise<void> {
        await this.addStack("project", name);
        for (const [file, content] of Object.entries({ experiment, ...state }))
            await writeFile(join(this.folder, "stacks/project", name, file), JSON.stringify(content));
    }

    /** Has ssh end as this text for `sh` does, which finds what it is called with in `$*`. */
    async answerWith(text: string): Promise<void> {
        await writeFile(join(this.folder, "notes/ssh-answers"), text);
    }

    /** Gives the project a stack with an experiment, and the door of that experiment's app on its server: a text for `sh`. */
    async addApp(name: string, door: string, experiment: object = {}): Promise<void> {
        await this.addStack("project", name);
        const block = JSON.stringify({ name: "recall", ...experiment });
        await writeFile(join(this.folder, "stacks/project", name, "experiment"), block);
        await this.script("notes/door", door);
        await this.script(
            "bin/ssh",
            [
                'echo "$*" >>"$NOTES/ssh"; for last; do :; done',
                'eval "$(printf "%s" "$last" | sed "1s|^sudo -n ||" | sed "s|/srv/dallinger/apps/recall/bin/app|$NOTES/door|;s|/srv/dallinger/server/bin/server|$NOTES/door|")"',
            ].join("\n"),
        );
    }

    start(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = "") {
        const env = { ...this.environment, ...environment };
        return execa(join(this.folder, "project/ops/dallinger"), args, { env, reject: false, input });
    }

    /** The same with bytes that are no text. */
    startWithBytes(args: readonly string[], input: Uint8Array) {
        const options = { env: this.environment, reject: false, input, encoding: "buffer" } as const;
        return execa(join(this.folder, "project/ops/dallinger"), args, options);
    }

    /** The same at a terminal, at which somebody types. @returns also how the terminal was set before and after it. */
    async runAtTerminal(args: readonly string[], typed = "") {
        const command = [join(this.folder, "project/ops/dallinger"), ...args].map(quote).join(" ");
        const noting = `stty -g >"$NOTES/before"; ${command}; status=$?; stty -g >"$NOTES/after"; exit $status`;
        const { exitCode, stdout } = await execa("script", ["-qec", noting, "/dev/null"], {
            ...{ env: this.environment, reject: false, input: typed },
        });
        const terminal = { before: await this.note("before"), after: await this.note("after") };
        return { exitCode, stdout, terminal, ssh: await this.note("ssh") };
    }

    /** Runs `./ops/dallinger` to its end. @returns also what both pulumis, and ssh, were asked. */
    async run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
        const { exitCode, stdout, stderr } = await this.start(args, environment);
        return { exitCode, stdout, stderr, asked: await this.note("asked"), ssh: await this.note("ssh") };
    }

    /** Runs it at a terminal (script of util-linux), whose settings are printed before and after it; `input` is typed. */
    atTerminal(args: readonly string[], input: Iterable<string> | AsyncIterable<string>) {
        const command = `stty -g; "${join(this.folder, "project/ops/dallinger")}" ${args.join(" ")}; echo "status $?"; stty -g`;
        const options = { env: { ...this.environment, SHELL: "/bin/sh" }, input: Readable.from(input), reject: false };
        return execa("script", ["-qefc", command, "/dev/null"], options);
    }

    /** What a stand-in has noted; empty when it was not called. */
    async note(name: string): Promise<string> {
        return await readFile(join(this.folder, "notes", name), "utf8").catch(() => "");
    }

    async temporaryFiles(): Promise<string[]> {
        return await readdir(join(this.folder, "tmp"));
    }

    /** Puts a text in place of what a file of the project says, which all command lines of a test file have together. */
    async replace(path: string, text: string): Promise<void> {
        await rm(join(this.folder, path));
        await writeFile(join(this.folder, path), text);
    }

    async script(path: string, text: string): Promise<void> {
        await writeFile(join(this.folder, path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
}
