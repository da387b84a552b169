import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { readTemplate } from "../../components/remote/templates.ts";
import { namesFile } from "../../components/targets/server/hostNames/namesRequest.ts";
import { placeDoor, serverFolder } from "./serverScripts.ts";

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
const host = "203.0.113.7";

/** In place of what looks a name up: the lines of the file ANSWERS for the name and the type, or that there is no such record. */
const perl = `cat >/dev/null; echo "$2 $3" >>"$ANSWERS.asked"; grep "^$2 $3 " "$ANSWERS" || echo "$2 $3 none"`;
/** The interfaces of a server, Docker's among them. */
const ip = `printf '%s\\n' '2: eth0    inet 10.0.0.5/24 scope global eth0' '2: eth0    inet6 2001:db8::7/64 scope global' '3: docker0    inet 172.17.0.1/16 scope global docker0'`;
/** No test waits: the time that passes is what a pause is said to take. */
const passing = {
    sleep: `echo $(($(cat "$ANSWERS.now") + $1)) >"$ANSWERS.now"; [ ! -e "$ANSWERS.later" ] || mv "$ANSWERS.later" "$ANSWERS"`,
    date: `[ "$*" != +%s ] || exec cat "$ANSWERS.now"; exec /bin/date "$@"`,
};

/** A prepared server whose name server gives answers of the test's. */
async function serverThatKnows(answers: readonly string[]) {
    const server = await serverFolder();
    const { root } = server;
    const programs = join(root, "programs");
    await mkdir(programs);
    for (const [name, text] of Object.entries({ perl, ip, ...passing })) {
        await writeFile(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const file = join(root, "answers");
    await writeFile(`${file}.now`, "1000\n");
    const say = async (lines: readonly string[]) => await writeFile(file, lines.map((line) => `${line}\n`).join(""));
    await say(answers);
    return {
        ...{ root, say },
        later: (lines: readonly string[]) => writeFile(`${file}.later`, lines.map((line) => `${line}\n`).join("")),
        asked: async () =>
            existsSync(`${file}.asked`) ? (await readFile(`${file}.asked`, "utf8")).trim().split("\n") : [],
        waited: async () => Number(await readFile(`${file}.now`, "utf8")) - 1000,
        /** Claims an app's name, as the first command that comes to the server does. */
        claim: async (
            hostnames: readonly string[],
            { addresses = [] as string[], mode = "create", issuer = "acme" } = {},
        ) => {
            const payload = join(root, "payload");
            await rm(payload, { recursive: true, force: true });
            await placeDoor(root, join(payload, "bin"), "app");
            const [names] = namesFile({ hostnames, host, addresses, issuer });
            const files = {
                name: "newcomer",
                server: "the-id",
                platform,
                owner: "the-owner",
                names: names?.content ?? "",
            };
            for (const [name, text] of Object.entries(files)) await writeFile(join(payload, name), text);
            const env = { PATH: `${programs}:${process.env.PATH}`, ANSWERS: file };
            const { exitCode, stderr } = await execa(join(payload, "bin/claim.sh"), [mode, payload], {
                env,
                reject: false,
            });
            return { exitCode, stderr, made: existsSync(join(root, "apps")) };
        },
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
}

suite("host names, seen from the server", { skip: process.platform !== "linux" }, () => {
    test("that lead to it by the address of ssh or of its own interfaces are right, and looked up once", async () => {
        await using server = await serverThatKnows([
            `a.lab.example A ${host}`,
            "b.lab.example A 10.0.0.5",
            "b.lab.example AAAA 2001:db8::7",
        ]);
        const names = ["a.lab.example", "b.lab.example"];
        assert.deepEqual(await server.claim(names), { exitCode: 0, stderr: "", made: true });
        const asked = ["a.lab.example A", "a.lab.example AAAA", "b.lab.example A", "b.lab.example AAAA"];
        assert.deepEqual(await server.asked(), asked);
        assert.equal((await server.claim(names, { mode: "update" })).exitCode, 0);
        assert.deepEqual(await server.asked(), asked, "the same names are not asked for again");
        assert.equal((await server.claim(names, { mode: "update", issuer: "another" })).exitCode, 0);
        assert.deepEqual(await server.asked(), [...asked, ...asked]);
    });

    test("that lead elsewhere are refused in one error, before anything is made, with the records to make", async () => {
        await using server = await serverThatKnows([
            `right.lab.example A ${host}`,
            `both.lab.example A ${host}`,
            "both.lab.example AAAA 2001:db8::99",
            "bridge.lab.example A 172.17.0.1",
        ]);
        const { exitCode, stderr, made } = await server.claim([
            "right.lab.example",
            "both.lab.example",
            "bridge.lab.example",
            "none.lab.example",
        ]);
        assert.deepEqual([exitCode, made], [1, false]);
        const [title, ...lines] = stderr.split("\n").filter((line) => !line.startsWith("not yet: "));
        assert.equal(
            title,
            "seen from the server, these host names do not lead to it (203.0.113.7, 10.0.0.5, 2001:db8::7), and nothing was changed:",
        );
        assert.deepEqual(lines.slice(0, -2), [
            "  - both.lab.example: is A 203.0.113.7, AAAA 2001:db8::99, which is not all the server's: correct the record",
            "        both.lab.example. AAAA 2001:db8::7",
            "  - bridge.lab.example: is A 172.17.0.1, which is not all the server's: correct the record",
            "        bridge.lab.example. A 203.0.113.7",
            "  - none.lab.example: has no address: make the record",
            "        none.lab.example. A 203.0.113.7",
        ]);
        assert.match(
            lines.at(-2) ?? "",
            /`\.\/pulumi config set --path 'dallinger:server\.addresses\[0\]' 172\.17\.0\.1`/,
        );
        assert.match(stderr, /^not yet: none\.lab\.example: has no address/m);
    });

    test("are waited for where a record is missing, less where it leads elsewhere, and never for long", async () => {
        await using server = await serverThatKnows(["wrong.lab.example A 198.51.100.9"]);
        await server.claim(["wrong.lab.example"]);
        assert.equal(await server.waited(), 10);
        await server.claim(["none.lab.example"]);
        assert.equal(await server.waited(), 70);
    });

    test("that are made a moment later are right then", async () => {
        await using server = await serverThatKnows([]);
        await server.later([`a.lab.example A ${host}`]);
        const { exitCode, stderr } = await server.claim(["a.lab.example"]);
        assert.equal(exitCode, 0);
        assert.match(stderr, /^not yet: a\.lab\.example: has no address/);
    });

    test("that are refused leave the app's claim and what was found before as they are, and converge once they are right", async () => {
        await using server = await serverThatKnows([`a.lab.example A ${host}`, "b.lab.example A 198.51.100.9"]);
        await server.claim(["a.lab.example"]);
        const scripts = join(server.root, "apps/newcomer/bin/app");
        await writeFile(scripts, "as they were");
        assert.equal((await server.claim(["a.lab.example", "b.lab.example"], { mode: "update" })).exitCode, 1);
        assert.equal(await readFile(scripts, "utf8"), "as they were");
        assert.doesNotMatch(await readFile(join(server.root, "apps/newcomer/names"), "utf8"), /b\.lab/);
        await server.say([`a.lab.example A ${host}`, `b.lab.example A ${host}`]);
        assert.equal((await server.claim(["a.lab.example", "b.lab.example"], { mode: "update" })).exitCode, 0);
        assert.match(await readFile(join(server.root, "apps/newcomer/names"), "utf8"), /b\.lab/);
    });

    test("may lead to the addresses that the configuration lists, and to no others then", async () => {
        await using server = await serverThatKnows(["a.lab.example A 198.51.100.7", `b.lab.example A ${host}`]);
        const addresses = ["198.51.100.7"];
        assert.equal((await server.claim(["a.lab.example"], { addresses })).exitCode, 0);
        const { stderr } = await server.claim(["b.lab.example"], { addresses });
        assert.match(stderr, /^ {8}b\.lab\.example\. A 198\.51\.100\.7$/m);
        assert.match(stderr, /'dallinger:server\.addresses\[1\]' 203\.0\.113\.7`/);
    });

    test("that cannot be looked up are not said to be missing", async () => {
        const reason = "Temporary failure in name resolution";
        await using server = await serverThatKnows([
            `a.lab.example A ${host}`,
            `a.lab.example AAAA unanswered ${reason}`,
        ]);
        const { exitCode, stderr } = await server.claim(["a.lab.example"]);
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            new RegExp(`a\\.lab\\.example: cannot be looked up, because .* does not answer \\(${reason}\\)`),
        );
        assert.doesNotMatch(stderr, /make the record|^ {8}/m);
    });

    test("of a wildcard service are no records to make", async () => {
        await using server = await serverThatKnows([]);
        const { stderr } = await server.claim(["recall.203-0-113-7.nip.io"]);
        assert.match(stderr, /though that is in its name: .* 'dallinger:server\.wildcard' SERVICE`/);
        assert.doesNotMatch(stderr, /^ {8}/m);
    });

    test("may be the machine's own one, which Debian has in /etc/hosts", async () => {
        await using server = await serverThatKnows(["lab.example A 127.0.1.1", "bad.example A 127.0.0.1"]);
        assert.equal((await server.claim(["lab.example"])).exitCode, 0);
        assert.equal((await server.claim(["bad.example"])).exitCode, 1);
    });

    test("are passed over in words where nothing on the server can look them up", async () => {
        await using server = await serverThatKnows([]);
        const without = 'command() { [ "$2" != perl ]; }';
        const script = `${readTemplate("shared/messages.sh")}${readTemplate("shared/names.sh")}${without}\nrequire_names "$1" "$1/seen"`;
        await writeFile(join(server.root, "names"), "name a.lab.example\n");
        const { exitCode, stderr } = await execa("/bin/sh", ["-c", script, "sh", server.root], { reject: false });
        assert.equal(exitCode, 0);
        assert.match(stderr, /^there is no perl on this server/);
    });
});

suite("looking a name up on a server", { skip: process.platform !== "linux" }, () => {
    const lookUp = async (...words: string[]) =>
        (await execa("sh", ["-c", `${readTemplate("shared/names.sh")}\nlook_up "$@"`, "sh", ...words])).stdout;

    test("finds its address", async () => {
        assert.equal(await lookUp("localhost", "A"), "localhost A 127.0.0.1");
    });

    test("reports the server's own addresses and what names resolve to", async () => {
        const script = `${readTemplate("shared/names.sh")}\nreport_names "$@"`;
        const { stdout } = await execa("sh", ["-c", script, "sh", "203.0.113.7", "localhost"]);
        const lines = stdout.split("\n");
        assert.ok(lines.includes("host 203.0.113.7") && lines.includes("localhost A 127.0.0.1"), stdout);
        assert.ok(
            lines.every((line) => /^(host|own|localhost A|localhost AAAA) /.test(line)),
            stdout,
        );
    });
});
