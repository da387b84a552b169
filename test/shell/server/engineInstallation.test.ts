import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

/**
 * A machine's packages are lines of the file `installed`; where apt has no docker-cli or docker-compose-v2 there is a file `no-NAME`.
 * apt-get fails with the words of the file `broken`, and its caller is killed after the first package where there is a file `deadly`.
 */
const programs = {
    "dpkg-query": `case $* in *" docker-ce") ! grep -q "ii  docker-ce$" "$MACHINE/installed" || printf 'ii ' ;; *) sort -u "$MACHINE/installed" ;; esac`,
    dpkg: "echo arm64",
    "apt-cache": '[ ! -e "$MACHINE/no-$2" ]',
    getent: 'grep -q docker "$MACHINE/groups" 2>/dev/null',
    curl: 'while [ "$1" != -o ]; do shift; done; umask 077; echo "a key" >"$2"',
    "apt-get": `[ ! -e "$MACHINE/broken" ] || { cat "$MACHINE/broken"; exit 100; }
case $* in
*" --simulate "*)
    for package; do
        case $package in -* | *=* | install) ;; *) grep -q "^ii  $package$" "$MACHINE/installed" || echo "Inst $package (1.0 Debian:13 [all])" ;; esac
    done ;;
*" install "*)
    for package; do
        case $package in -* | *=* | install) continue ;; *) echo "ii  $package" >>"$MACHINE/installed" ;; esac
        case $package in docker*) echo docker >"$MACHINE/groups"; cp "$MACHINE/docker" "\${MACHINE%/machine}/own/" ;; esac
        [ ! -e "$MACHINE/deadly" ] || { rm "$MACHINE/deadly"; kill -9 "$PPID"; exit; }
    done ;;
esac`,
};
const scripts = ["shared/messages.sh", "shared/server.sh", "shared/packages.sh", "server/engine.sh"];
const before = "ii  bash\nrc  watcher\nii  zsh\n";

/** A machine without docker, or with one that is this, on which an engine can be installed. */
async function machineWith(docker?: string) {
    const machine = await pretendedMachine({ ...programs, docker });
    await machine.put("machine/installed", before);
    await machine.put(
        "machine/docker",
        `#!/bin/sh\ngrep -q compose "$MACHINE/installed" && [ ! -e "$MACHINE/no-compose" ] && echo 2.30.0\n`,
    );
    await machine.change('chmod +x "$MACHINE/docker"');
    await machine.put("machine/etc/os-release", "ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm\n");
    await machine.put("machine/etc/apt/sources.list.d/none", "");
    const sourced = scripts.map((script) => `. ./${script.replace(/.*\//, "")}`).join("; ");
    return {
        ...machine,
        /** Installs one as the scripts do that have unpacked a payload, whose files are nobody else's. */
        install: async (from: string) =>
            await machine.run(`umask 077; ${sourced}; install_engine ${from} "$server/packages"`),
        /** What apt-get was asked to do, without its options. */
        apt: async () =>
            (await machine.calls())
                .filter((call) => call.startsWith("apt-get ") && !call.includes(" --simulate "))
                .map((call) => call.replace(/^apt-get -y -q -o DPkg::Lock::Timeout=300 -o \S+ /, "")),
        packages: async () => (await machine.read("server/packages")).trimEnd().split("\n"),
    };
}

suite("an engine is installed", { skip: process.platform !== "linux" }, () => {
    test("not where there is one with Compose", async () => {
        await using machine = await machineWith("echo 2.30.0");
        assert.equal((await machine.install("docker")).stderr, "");
        assert.deepEqual(await machine.apt(), []);
        assert.ok(!machine.has("server/packages") && !machine.has("server/packages.before"));
    });

    const names = [
        ["Debian", "docker-compose-v2", "docker.io docker-cli docker-compose iptables"],
        ["Ubuntu", "docker-cli", "docker.io docker-compose-v2 iptables"],
    ] as const;
    for (const [system, unknown, expected] of names) {
        test(`from the system by the names that ${system} has for it`, async () => {
            await using machine = await machineWith();
            await machine.put(`machine/no-${unknown}`, "");
            const { exitCode, stderr } = await machine.install("distribution");
            assert.deepEqual([exitCode, stderr], [0, "installing Docker Engine and Compose (distribution)"]);
            assert.deepEqual(await machine.apt(), ["update", `install --no-install-recommends ${expected}`]);
            assert.deepEqual(await machine.packages(), expected.split(" ").toSorted());
        });
    }

    test("from Docker's own repository, which is added with its key", async () => {
        await using machine = await machineWith();
        const { exitCode, stderr } = await machine.install("docker");
        assert.deepEqual([exitCode, stderr], [0, "installing Docker Engine and Compose (docker)"]);
        const engine = "docker-ce docker-ce-cli containerd.io docker-compose-plugin docker-buildx-plugin";
        const installed = ["ca-certificates curl", engine];
        const steps = installed.flatMap((packages) => ["update", `install --no-install-recommends ${packages}`]);
        assert.deepEqual(await machine.apt(), steps);
        const key = `${machine.root}/machine/etc/apt/keyrings/docker.asc`;
        assert.equal(await machine.read("machine/etc/apt/keyrings/docker.asc"), "a key\n");
        assert.ok(
            (await machine.calls()).includes(`curl -fsSL https://download.docker.com/linux/debian/gpg -o ${key}`),
        );
        const list = `deb [arch=arm64 signed-by=${key}] https://download.docker.com/linux/debian bookworm stable\n`;
        assert.equal(await machine.read("machine/etc/apt/sources.list.d/docker.list"), list);
        const modes = await machine.run(
            'cd "$MACHINE/etc/apt"; stat -c %a keyrings keyrings/* sources.list.d/docker.list',
        );
        assert.equal(modes.stdout, "755\n644\n644", "apt reads them as any user");
        assert.deepEqual(await machine.packages(), installed.join(" ").split(" ").toSorted());
    });

    test("not from a repository whose key could not be had", async () => {
        await using machine = await machineWith();
        await machine.put("own/curl", "#!/bin/sh\necho 'Could not resolve host' >&2\nexit 6\n");
        const { exitCode, stderr } = await machine.install("docker");
        assert.notEqual(exitCode, 0);
        assert.match(stderr, /Could not resolve host$/);
        assert.ok(!machine.has("machine/etc/apt/sources.list.d/docker.list"));
        assert.ok(!(await machine.apt()).some((call) => call.includes("docker-ce")));
    });

    test("in the part that is missing beside Docker's own, from there", async () => {
        await using machine = await machineWith("exit 1");
        await machine.put("machine/installed", `${before}ii  docker-ce\n`);
        assert.equal((await machine.install("distribution")).exitCode, 0);
        const asked = ["update", "install --no-install-recommends --no-remove docker-compose-plugin"];
        assert.deepEqual(await machine.apt(), asked);
        assert.deepEqual(await machine.packages(), ["docker-compose-plugin"]);
    });

    test("or is not, which is told with the last lines of apt-get, and counts for nothing installed", async () => {
        await using machine = await machineWith();
        const lines = Array.from({ length: 20 }, (_, number) => `${number} ${"x".repeat(600)}`);
        await machine.put("machine/broken", `${lines.join("\n")}\n`);
        const { exitCode, stderr } = await machine.install("distribution");
        assert.equal(exitCode, 1);
        const [, ...said] = stderr.split("\n");
        const shown = lines.slice(-15).map((line) => line.slice(0, 500));
        assert.deepEqual(said, [...shown, "apt-get update failed on the server: the lines above are its last ones"]);
        assert.ok(!machine.has("server/packages"));
    });

    test("and refused where Compose does not work afterwards, though it goes with the server", async () => {
        await using machine = await machineWith();
        await machine.put("machine/no-compose", "");
        const { exitCode, stderr } = await machine.install("distribution");
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /^Docker Compose v2 could not be installed: `docker compose version` must work on the server$/m,
        );
        assert.ok((await machine.packages()).includes("docker.io"));
    });
});

suite("what was there before an engine is installed", { skip: process.platform !== "linux" }, () => {
    test("is noted: packages, the group, and what an engine before it has left", async () => {
        await using machine = await machineWith();
        await machine.put("machine/var/lib/docker/image", "");
        await machine.put("machine/etc/apt/sources.list.d/docker.list", "");
        await machine.change('mkdir -p "$MACHINE/etc/docker"');
        await machine.install("distribution");
        assert.equal(await machine.read("server/packages.before"), "bash\nzsh\n");
        const places = ["var/lib/docker", "etc/apt/sources.list.d/docker.list"];
        const noted = places.map((place) => `${machine.root}/machine/${place}\n`).join("");
        assert.equal(await machine.read("server/places.before"), noted);
        assert.ok(machine.has("server/group-made"));
    });

    test("is not a group that the engine makes, where there is one already", async () => {
        await using machine = await machineWith();
        await machine.put("machine/groups", "docker\n");
        await machine.install("distribution");
        assert.ok(!machine.has("server/group-made"));
    });

    const interrupted = [
        ["distribution", "docker.io", "docker-compose-v2 docker.io"],
        [
            "docker",
            "ca-certificates",
            "ca-certificates containerd.io curl docker-buildx-plugin docker-ce docker-ce-cli docker-compose-plugin",
        ],
    ] as const;
    for (const [from, first, expected] of interrupted) {
        test(`is noted once: ${first}, which a run has installed that was killed, still goes with the server`, async () => {
            await using machine = await machineWith();
            await machine.put("machine/deadly", "");
            assert.equal((await machine.install(from)).signal, "SIGKILL");
            assert.match(await machine.read("machine/installed"), new RegExp(`^ii {2}${first}\n$`, "m"));
            assert.equal((await machine.install(from)).exitCode, 0);
            assert.equal(await machine.read("server/packages.before"), "bash\nzsh\n");
            assert.deepEqual(await machine.packages(), expected.split(" "));
            assert.equal(await machine.read("server/places.before"), "");
            assert.ok(machine.has("server/group-made"));
        });
    }

    test("is told from an engine that a run has unpacked which was killed before it noted that", async () => {
        await using machine = await machineWith();
        assert.equal((await machine.install("distribution")).exitCode, 0);
        const installed = await machine.packages();
        await machine.change('rm ../packages; echo "ii  nginx" >>"$MACHINE/installed"');
        assert.equal((await machine.install("distribution")).stderr, "");
        assert.deepEqual(
            await machine.packages(),
            installed,
            "what an administrator has installed meanwhile is theirs",
        );
    });

    test("is told from an engine and Compose that a run has unpacked and not set up: that is done first, and they go with the server", async () => {
        await using machine = await machineWith();
        assert.equal((await machine.install("distribution")).exitCode, 0);
        const installed = await machine.packages();
        await machine.change(`rm ../packages; sed -i 's/^ii  docker/iU  docker/' "$MACHINE/installed"; rm "$CALLS"`);
        assert.equal((await machine.install("distribution")).stderr, "");
        assert.equal((await machine.calls())[0], "dpkg --configure -a");
        assert.deepEqual(await machine.packages(), installed);
    });

    test("is told from packages that a run which was killed has left half-way: they are set up, and go with the server", async () => {
        await using machine = await machineWith();
        await machine.put("machine/deadly", "");
        await machine.install("distribution");
        await machine.change(`sed -i 's/^ii  docker.io/iU  docker.io/' "$MACHINE/installed"`);
        await machine.change('rm "$MACHINE/../own/docker"'); // its client is not there yet
        await machine.put("backups/recall/20260101T120000Z/fetched", "");
        const { exitCode, stderr } = await machine.run("./server remove keep");
        assert.equal(exitCode, 0, stderr);
        const calls = (await machine.calls()).filter((call) => /^dpkg --configure| purge /.test(call));
        assert.deepEqual(
            calls.filter((call) => !call.includes(" -s ")).map((call) => call.replace(/.* (?=purge )/, "")),
            ["dpkg --configure -a", "purge docker.io"],
        );
    });
});
