import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { pretendedMachine } from "./pretendedMachine.ts";

/** A machine on which a stack wants to prepare its server. */
interface Machine {
    /** `update` where the stack has prepared a server already. */
    readonly mode?: "create" | "update";
    /** Files that are there. */
    readonly files?: Readonly<Record<string, string>>;
    /** Who listens on a port, as `ss` shows it; `unknown` where there is no such program. */
    readonly listening?: Readonly<Record<number, string>> | "unknown";
    /** Ports that containers of ours publish; nothing where there is no docker. */
    readonly published?: readonly number[];
    /** Whether containers of Dallinger's docker-ssh are there. */
    readonly containers?: boolean;
}

/** Everything that can refuse it. */
const text =
    ". ./messages.sh; . ./server.sh; . ./refusals.sh; refuse_other_server $1 mine; refuse_docker_ssh; refuse_taken_ports";

/** Why such a machine is refused, by the text that a person reads; nothing when it is not. */
async function refusal({
    mode = "create",
    files = {},
    listening = {},
    published,
    containers,
}: Machine): Promise<string> {
    const sockets = Object.entries(listening).map(([port, users]) => `*:${port}*) printf '${users}\\n' ;;`);
    const answers = (published ?? []).map((port) => `*publish=${port}*label=dallinger.server*) echo ours ;;`);
    const docker = `case $* in *project=dallinger*) ${containers ? "echo theirs" : ":"} ;; ${answers.join(" ")} esac`;
    const ss = listening === "unknown" ? undefined : `case $* in ${sockets.join(" ")} esac`;
    const programs = { ss, docker: published ? docker : undefined };
    await using machine = await pretendedMachine(programs);
    await machine.change('rm "../layout.json"; mkdir -p "$MACHINE/root" "$MACHINE/home/debian"');
    for (const [path, content] of Object.entries(files)) await machine.put(path, content);
    const { exitCode, stdout, stderr } = await machine.run(`set -- ${mode}; ${text}`);
    assert.deepEqual([exitCode, stdout], [stderr === "" ? 0 : 1, ""]);
    return stderr.replaceAll(`${machine.root}/machine`, "");
}

const listener = (address: string, users: string) => `LISTEN 0      511    ${address} 0.0.0.0:*${users}`;
const nginx = listener("0.0.0.0:80", ' users:(("nginx",pid=12,fd=6),("nginx",pid=11,fd=6))');
const proxy = listener("[::]:443", ' users:(("docker-proxy",pid=77,fd=7))');

suite("a server that is to be prepared", { skip: process.platform !== "linux" }, () => {
    test("is not refused where nothing is in the way, with docker or without", async () => {
        assert.equal(await refusal({}), "");
        assert.equal(await refusal({ published: [] }), "");
    });

    test("is not refused where this stack has prepared it, and its own Caddy has the ports", async () => {
        const own = { files: { "server/id": "mine\n" }, listening: { 80: nginx, 443: proxy }, published: [80, 443] };
        for (const mode of ["create", "update"] as const) assert.equal(await refusal({ ...own, mode }), "");
    });

    for (const mode of ["create", "update"] as const) {
        test(`is refused where another stack has prepared it (${mode})`, async () => {
            const said = await refusal({ mode, files: { "server/id": "theirs\n" } });
            assert.match(
                said,
                /^this server is prepared by another stack \(server id theirs, this stack's is mine\): /,
            );
            assert.match(
                said,
                /'dallinger:experiment\.on\.stack' STACK`, or run `\.\/pulumi destroy` in that stack first$/,
            );
        });
    }

    test("is refused where the stack has prepared another one, which its apps are on", async () => {
        const said = await refusal({ mode: "update" });
        assert.match(
            said,
            /^this is not the server that this stack has prepared \(server id mine\), and apps never move/,
        );
        assert.match(
            said,
            /set dallinger:server\.host and hostKey back, .*docs\/moving\.md says how an app moves there$/,
        );
    });

    for (const home of ["/root", "/home/debian"]) {
        test(`is refused where Dallinger's docker-ssh has an installation in ${home}`, async () => {
            const said = await refusal({ files: { [`machine${home}/dallinger/docker-compose.yml`]: "" } });
            assert.match(said, new RegExp(`^${home}/dallinger is an installation of Dallinger's docker-ssh, `));
            assert.match(said, /`dallinger docker-ssh destroy` for each, /);
            assert.match(
                said,
                new RegExp(`docker compose -f ${home}/dallinger/docker-compose\\.yml down\`, move ${home}`),
            );
        });
    }

    test("is not refused for a folder that is called dallinger", async () => {
        assert.equal(await refusal({ files: { "machine/home/debian/dallinger/config.txt": "" } }), "");
    });

    test("is refused where there are containers of docker-ssh, whosever home they come from", async () => {
        assert.match(
            await refusal({ published: [], containers: true }),
            /^containers of Dallinger's docker-ssh are here \(`docker ps --filter label=\S+`\): .* run `\.\/pulumi up` again$/,
        );
    });

    const taken: Readonly<Record<string, readonly [Machine, string]>> = {
        "port 80 is taken, by whom it is": [
            { listening: { 80: nginx } },
            '80 is taken on this server by "nginx",pid=12,fd=6',
        ],
        "only port 443 is": [{ listening: { 443: nginx } }, '443 is taken on this server by "nginx"'],
        "a container of somebody else's has it": [
            { listening: { 443: proxy }, published: [] },
            '443 is taken on this server by "docker-proxy",pid=77,fd=7: stop',
        ],
        "whoever has it is not a process": [
            { listening: { 80: listener("0.0.0.0:80", "") } },
            "80 is taken on this server by what `ss -ltnp` shows without a process: stop",
        ],
        "ours has the other one only": [
            { listening: { 80: proxy, 443: proxy }, published: [80] },
            '443 is taken on this server by "docker-proxy"',
        ],
    };
    for (const [what, [machine, said]] of Object.entries(taken)) {
        test(`is refused where ${what}`, async () => {
            const refused = await refusal(machine);
            assert.ok(refused.startsWith(`port ${said}`), refused);
            assert.match(refused, /: stop and disable that service, then run `\.\/pulumi up` again$/);
        });
    }

    test("is refused where nobody can say who has its ports", async () => {
        assert.match(
            await refusal({ listening: "unknown" }),
            /`ss` does not say who listens on port 80 of this server: /,
        );
    });

    test("is refused by the first who listens, of several on other addresses", async () => {
        const others = [
            listener("192.0.2.1:80", ""),
            nginx,
            listener("127.0.0.1:80", ' users:(("apache2",pid=9,fd=4))'),
        ];
        assert.match(
            await refusal({ listening: { 80: others.join("\\n") } }),
            /^port 80 is taken on this server by "nginx",pid=12,fd=6\),\("nginx",pid=11,fd=6: stop/,
        );
    });
});
