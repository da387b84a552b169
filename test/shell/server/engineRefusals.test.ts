import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

const debian12 = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"';
const debian13 = 'ID=debian\nVERSION_ID="13"';
const ubuntu = 'ID=ubuntu\nVERSION_ID="24.04"';
const fedora = 'ID=fedora\nVERSION_ID=42\nPRETTY_NAME="Fedora Linux 42"';

/** Docker of this version with that Compose; neither where they are empty. */
function docker(engine: string, compose: string): string {
    return `case $1 in version) echo ${engine} ;; compose) [ -n "${compose}" ] && echo ${compose} ;; esac`;
}

interface Machine {
    /** Its os-release. */
    readonly system: string;
    /** What `docker` is; left out where there is none. */
    readonly engine?: string;
    /** What dpkg says of the package docker-ce. */
    readonly dockerCe?: string;
    /** What the stack wants, where there is none. */
    readonly wanted?: string;
}

/** What is said against such a machine's engine, or against installing one: nothing, or why not. */
async function refusal({ system, engine, dockerCe = "", wanted = "distribution" }: Machine): Promise<string> {
    const programs = { docker: engine, "dpkg-query": `printf '${dockerCe}'`, "apt-get": "exit 1" };
    const scripts = ["shared/messages.sh", "shared/server.sh", "shared/packages.sh", "server/engine.sh"];
    await using machine = await pretendedMachine(programs);
    await machine.put("machine/etc/os-release", `${system}\n`);
    const sourced = scripts.map((script) => `. ./${script.replace(/.*\//, "")}`);
    const { exitCode, stderr } = await machine.run(`${sourced.join("; ")}; refuse_engine ${wanted}`);
    assert.equal(exitCode, stderr === "" ? 0 : 1);
    return stderr;
}

suite("an engine that is there", { skip: process.platform !== "linux" }, () => {
    test("is taken from version 25 on, with its Compose, whatever the system is", async () => {
        for (const system of [debian12, debian13, ubuntu, fedora, ""]) {
            for (const compose of ["2.30.0", "v2.30.0"]) {
                assert.equal(await refusal({ system, engine: docker("25.0.0", compose) }), "");
            }
        }
    });

    test("is refused when it does not answer", async () => {
        assert.match(
            await refusal({ system: debian13, engine: "exit 1" }),
            /^Docker is installed here but its engine does not answer: `systemctl status docker` says why$/,
        );
    });

    test("is refused when it is an old one", async () => {
        assert.match(
            await refusal({ system: debian12, engine: docker("24.0.9", "2.30.0") }),
            /^Docker Engine 24 is here, and 25 or newer is needed: upgrade it, then run `\.\/pulumi up` again$/,
        );
    });

    const without = { engine: docker("27.0.0", "") };
    test("is taken without Compose where the system has that for it", async () => {
        for (const system of [debian13, ubuntu]) assert.equal(await refusal({ system, ...without }), "");
    });

    test("is refused without Compose where the system has none for it, or only the first version", async () => {
        for (const [system, name] of [
            [debian12, "Debian GNU/Linux 12 \\(bookworm\\)"],
            [fedora, "Fedora Linux 42"],
            ["", "this system"],
        ] as const) {
            for (const compose of ["", "1.29.2"]) {
                const said = new RegExp(
                    `^Docker is here without Compose v2, which ${name} does not have for it: install`,
                );
                assert.match(await refusal({ system, engine: docker("27.0.0", compose) }), said);
            }
        }
    });

    test("is taken without Compose where it is Docker's own, which has that beside it", async () => {
        assert.equal(await refusal({ system: debian12, ...without, dockerCe: "ii " }), "");
        assert.match(await refusal({ system: debian12, ...without, dockerCe: "rc " }), /without Compose v2/);
    });
});

suite("an engine that is to be installed", { skip: process.platform !== "linux" }, () => {
    test("can be, on Debian and Ubuntu, from the system or from Docker", async () => {
        for (const wanted of ["distribution", "docker"]) {
            for (const system of [debian13, ubuntu]) assert.equal(await refusal({ system, wanted }), "");
        }
    });

    test("comes from Docker on Debian 12, which has no Compose of its own", async () => {
        assert.equal(await refusal({ system: debian12, wanted: "docker" }), "");
        assert.match(
            await refusal({ system: debian12 }),
            /^Debian 12 has no Docker Compose v2 of its own: .*`\.\/pulumi config set --path 'dallinger:server.engine' docker`$/,
        );
    });

    test("is refused on other systems, by their names", async () => {
        for (const [system, name] of [
            [fedora, "Fedora Linux 42"],
            ["", "an unknown system"],
        ] as const) {
            for (const wanted of ["distribution", "docker"]) {
                const said = await refusal({ system, wanted });
                assert.match(
                    said,
                    new RegExp(`^this server runs ${name}; Docker can be installed on Debian and Ubuntu: `),
                );
                assert.match(
                    said,
                    /install Docker Engine 25 or newer with Compose v2 by hand, then run `\.\/pulumi up` again$/,
                );
            }
        }
    });
});
