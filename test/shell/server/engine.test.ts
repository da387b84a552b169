import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

/** An engine that is there, to which Compose comes when it is installed. */
const programs = {
    docker: `case $* in "compose version --short") [ ! -e "$MACHINE/composed" ] || echo 2.30.0 ;; "ps -aq") echo somebodys ;; esac`,
    "dpkg-query": `case $* in *docker-ce) exit 1 ;; esac
printf 'ii  bash\\nii  docker.io\\n'; [ ! -e "$MACHINE/composed" ] || printf 'ii  docker-compose\\n'`,
    "apt-cache": "exit 1",
    "apt-get": `case $* in *" --simulate "*) echo "Inst docker-compose (2.26 Debian:13 [all])" ;; *" install "*) mkdir -p "$MACHINE"; : >"$MACHINE/composed" ;; esac`,
    getent: "exit 0",
};

/** The engine of a machine with images and settings of somebody's, and with what was installed there. */
async function machineWith(packages: readonly string[]) {
    const machine = await pretendedMachine({ ...programs, docker: "" });
    await machine.put("server/packages", packages.map((name) => `${name}\n`).join(""));
    await machine.put("machine/var/lib/docker/image", "");
    await machine.put("machine/var/lib/containerd/image", "");
    await machine.put("machine/etc/docker/daemon.json", "{}");
    await machine.put("backups/recall/20260101T120000Z/fetched", "");
    return machine;
}

const purged = (calls: readonly string[]) => calls.filter((call) => / purge /.test(call) && !/ -s /.test(call));
const places = ["var/lib/docker/image", "var/lib/containerd/image", "etc/docker/daemon.json"].map(
    (path) => `machine/${path}`,
);

suite("the engine of a server", { skip: process.platform !== "linux" }, () => {
    test("that was there before gets Compose and nothing else, and no package of it is taken away for that", async () => {
        await using machine = await pretendedMachine(programs);
        await machine.put("machine/var/lib/docker/image", "");
        const text = `. ./messages.sh; . ./server.sh; . ./packages.sh; . ./engine.sh; install_engine distribution "$server/packages"`;
        const { exitCode, stderr } = await machine.run(text);
        assert.equal(exitCode, 0, stderr);
        const installed = (await machine.calls()).filter((call) => / install (?!--simulate)/.test(call));
        assert.equal(installed.length, 1);
        assert.match(installed.join(), /--no-remove docker-compose$/);
        assert.equal(await machine.read("server/packages"), "docker-compose\n");
        assert.match(await machine.read("server/places.before"), /var\/lib\/docker$/m);
    });

    test("that does not answer is not taken away: others may have containers in it", async () => {
        await using machine = await machineWith(["docker.io"]);
        await machine.put("own/dockerd", "");
        await machine.change(
            'chmod +x "$MACHINE/../own/dockerd"; printf "#!/bin/sh\\nexit 1\\n" >"$MACHINE/../own/docker"',
        );
        const { exitCode, stderr } = await machine.run("./server remove keep");
        assert.equal(exitCode, 1);
        assert.match(stderr, /Docker does not answer on this server/);
        assert.deepEqual(purged(await machine.calls()), []);
    });

    test("that was there before keeps its images and settings when the server is removed", async () => {
        await using machine = await machineWith(["docker-compose"]);
        const { exitCode, stderr } = await machine.run("./server remove keep");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(
            places.filter((path) => !machine.has(path)),
            [],
        );
        assert.match(purged(await machine.calls()).join(), / purge docker-compose$/);
        assert.ok(!(await machine.calls()).some((call) => /^(systemctl|ip|iptables)/.test(call)));
    });

    test("that was installed goes with all that is its", async () => {
        await using machine = await machineWith(["containerd", "docker-compose", "docker.io"]);
        await machine.put("server/places.before", "");
        assert.equal((await machine.run("./server remove keep")).exitCode, 0);
        assert.deepEqual(
            places.filter((path) => machine.has(path)),
            [],
        );
        assert.match(purged(await machine.calls()).join(), / purge containerd docker-compose docker\.io$/);
    });

    test("that was installed leaves the images and settings of one before it", async () => {
        await using machine = await machineWith(["containerd", "docker-compose", "docker.io"]);
        const kept = ["var/lib/docker", "etc/docker"].map((path) => `${machine.root}/machine/${path}\n`);
        await machine.put("server/places.before", kept.join(""));
        assert.equal((await machine.run("./server remove keep")).exitCode, 0);
        const left = places.filter((path) => machine.has(path));
        assert.deepEqual(left, ["machine/var/lib/docker/image", "machine/etc/docker/daemon.json"]);
    });

    test("stays where another package has come to need it", async () => {
        const needing = `case $* in *" -s "*|"-s "*) printf 'Purg docker.io [1]\\nPurg watcher [2]\\n' ;; esac`;
        await using machine = await pretendedMachine({ ...programs, docker: "", "apt-get": needing });
        await machine.put("server/packages", "docker.io\n");
        await machine.put("machine/var/lib/docker/image", "");
        await machine.put("backups/recall/20260101T120000Z/fetched", "");
        const { stderr } = await machine.run("./server remove keep");
        assert.match(stderr, /is needed by watcher and stays/);
        assert.deepEqual(purged(await machine.calls()), []);
        assert.ok(machine.has("machine/var/lib/docker/image"));
    });
});

suite("the removal of a server", { skip: process.platform !== "linux" }, () => {
    test("leaves everything to an app that comes while it waits", async () => {
        const coming = `[ "$*" != "-w 10 7" ] || mkdir -p "\${MACHINE%/machine}/apps/newcomer"\nPATH=\${PATH#*:} exec flock "$@"`;
        await using machine = await pretendedMachine({ ...programs, docker: "", flock: coming });
        const { exitCode, stderr } = await machine.run("./server remove discard");
        assert.equal(exitCode, 1);
        assert.match(stderr, /apps are still on this server: newcomer/);
        assert.ok(machine.has("server/layout.json"));
    });

    test("can be called again where it has been broken off, and takes no app in between", async () => {
        const failing = `case $* in *" -s "*|"-s "*) ;; *) [ -e "$MACHINE/mended" ] || exit 1 ;; esac`;
        await using machine = await pretendedMachine({ ...programs, docker: "", "apt-get": failing });
        await machine.put("server/packages", "docker.io\n");
        await machine.put("backups/recall/20260101T120000Z/fetched", "");
        const broken = await machine.run("./server remove keep");
        assert.equal(broken.exitCode, 1);
        assert.match(broken.stderr, /apt-get purge failed/);
        assert.deepEqual([machine.has("server"), machine.has("server/layout.json")], [true, false]);
        await machine.put("machine/mended", "");
        assert.equal((await machine.run("./server remove keep")).exitCode, 0);
        assert.equal(machine.has("server"), false);
    });
});
