import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import type { AcmeAuthority } from "../../../components/configuration/server/acmeAuthorities.ts";
import { makeCertificate } from "../../unit/configuration/server/certificates.ts";
import { claimedServer, meaningOf, type Wanted } from "./preparedServer.ts";

type PreparedServer = Awaited<ReturnType<typeof claimedServer>>;

/** All that a failed update must leave as it was: files, stamp, what runs and what Caddy has loaded. */
async function stateOf({ read, has }: PreparedServer) {
    const files = ["compose.yaml", "registry-ca.pem", "applied", "layout.json"];
    const caddy = ["caddy/Caddyfile", "caddy/tls/certificate.pem", "caddy/tls/key.pem", "postgres/pg_hba.conf"];
    const paths = [...[...files, ...caddy].map((file) => `server/${file}`), "machine/running", "machine/loaded"];
    const texts = await Promise.all(paths.map(async (path) => [path, await read(path)]));
    const unfinished = ["former", "candidate", "incoming"].filter((folder) => has(`server/${folder}`));
    return { ...Object.fromEntries(texts), unfinished };
}

const before: Wanted = { certificate: "A CERTIFICATE", key: "its key" };

async function preparedServer(wanted: Wanted = before): Promise<PreparedServer> {
    const server = await claimedServer();
    const { exitCode, stderr } = await server.apply(wanted);
    assert.equal(exitCode, 0, stderr);
    await server.calls();
    return server;
}

/** Has docker say of PostgreSQL that it runs as the stack has it, or otherwise. */
async function postgresRuns(server: PreparedServer, { running = true, hash = "the-hash" } = {}): Promise<void> {
    await server.put("machine/hash", "the-hash\n");
    await server.put("machine/postgres", `${running} ${hash} ${meaningOf("postgres:17").replace(/.*@/, "")}\n`);
}

/** A process by this name below docker-init, whose container is an app's pgbouncer to docker: it notes the signals that it gets. */
async function processThere(server: PreparedServer, name: string) {
    const machine = join(server.root, "machine");
    for (const program of [name, "docker-init"]) symlinkSync("/bin/sh", join(machine, program));
    const noting = "trap 'echo held >>notes' USR1; trap 'echo resumed >>notes' USR2; : >notes; echo ready";
    const text = `${noting}; while [ ! -e end ]; do sleep 0.05; done`;
    const below = ["-c", '"$@"; :', "docker-init", join(machine, name), "-c", text];
    const running = execa(join(machine, "docker-init"), below, { cwd: machine, reject: false });
    await once(running.stdout, "data");
    await server.put("machine/pgbouncers", `${running.pid}\n`);
    const end = async () => {
        await server.put("machine/end", "");
        await running;
        return ((await server.read("machine/notes")) ?? "").trim().replaceAll("\n", " ");
    };
    const dispose = async () => {
        await server.put("machine/end", "");
        await running;
    };
    return { end, [Symbol.asyncDispose]: dispose };
}

const failing: readonly (readonly [string, Wanted, RegExp])[] = [
    ["an image that is nowhere", { postgres: "missing:17" }, /cannot pull missing:17: see dallinger:server.images/],
    ["an image that does not get healthy", { postgres: "sick:17" }, /the shared services did not get healthy/],
    ["a certificate's wrong key", { key: "wrong" }, /Caddy does not accept its configuration.*dallinger:server.tls/],
    ["another major version of PostgreSQL", { postgres: "postgres:18" }, /cannot read them; nothing was changed/],
];

suite("the shared services", { skip: process.platform !== "linux" }, () => {
    for (const [what, wanted, message] of failing) {
        test(`are what they were after ${what}, so that a configuration set back is what is there`, async () => {
            await using server = await preparedServer();
            await server.put("machine/volumes/dlgr-server-postgres-17/PG_VERSION", "17\n");
            const was = await stateOf(server);
            const { exitCode, stderr } = await server.apply({ ...before, certificate: "ANOTHER", ...wanted });
            assert.equal(exitCode, 1);
            assert.match(stderr, message);
            assert.match(stderr, /the shared services are what they were before this `\.\/pulumi up`$/);
            assert.deepEqual(await stateOf(server), was);
        });
    }

    test("are never stopped for an image, a key or a version that is refused", async () => {
        await using server = await preparedServer();
        await server.put("machine/volumes/dlgr-server-postgres-17/PG_VERSION", "17\n");
        for (const wanted of [{ postgres: "missing:17" }, { key: "wrong" }, { postgres: "postgres:18" }]) {
            await server.apply({ ...before, ...wanted });
            assert.deepEqual(
                (await server.calls()).filter((call) => /^compose .* up /.test(call)),
                [],
            );
        }
    });

    test("have apps' pgbouncers hold what they are asked while PostgreSQL is another one, also when it is put back", async () => {
        for (const [postgres, status] of [["other:17", 0] as const, ["sick:17", 1] as const]) {
            await using server = await preparedServer();
            await using pgbouncer = await processThere(server, "pgbouncer");
            await postgresRuns(server);
            const { exitCode, stderr } = await server.apply({ ...before, postgres });
            const notes = await pgbouncer.end();
            assert.equal(exitCode, status, stderr);
            // A signal that comes again before it is noted counts once.
            assert.match(notes, /^held( held)?( resumed)+$/);
            const guard =
                /^(--quiet --collect --unit (dlgr-server-resume-(\d+)\.service) sh \S+\/resume-apps\.sh \3\n)+stop \2\n$/;
            assert.match((await server.read("machine/units")) ?? "", guard);
        }
    });

    test("have one unit watch over a run, and another where that one has ended before it", async () => {
        for (const active of [true, false]) {
            await using server = await preparedServer();
            await using _ = await processThere(server, "pgbouncer");
            await postgresRuns(server, { running: false });
            if (active) await server.put("machine/active", "");
            await server.put("machine/units", "");
            await server.apply({ ...before, postgres: "sick:17" });
            const units = (await server.read("machine/units")) ?? "";
            assert.equal(units.match(/resume-apps/g)?.length ?? 0, active ? 0 : 2, units);
        }
    });

    test("leave to the unit that watches over a run what that could not have go on", async () => {
        await using server = await preparedServer();
        await using _ = await processThere(server, "pgbouncer");
        await postgresRuns(server);
        await server.put("server/bin/signal-apps.sh", '[ "$1" = USR1 ]\n');
        const { exitCode, stderr } = await server.apply({ ...before, postgres: "other:17" });
        assert.equal(exitCode, 0, stderr);
        assert.match(stderr, /it is not known whether all apps have gone on/);
        assert.match((await server.read("machine/units")) ?? "", /^--quiet --collect --unit [^\n]*\n$/);
    });

    test("are watched over for as long as a run takes", async () => {
        await using server = await preparedServer();
        await using pgbouncer = await processThere(server, "pgbouncer");
        // What it sees after four hundred seconds is noted; then the run ends.
        const waiting = `echo >>"$MACHINE/waited"; [ "$(wc -l <"$MACHINE/waited")" -eq 400 ] || exit 0
cp "$MACHINE/notes" "$MACHINE/notes-before"; : >"$MACHINE/ended"`;
        await server.program("sleep", waiting);
        const ended = join(server.root, "machine/ended");
        const run = execa("sh", ["-c", 'while [ ! -e "$1" ]; do sleep 0.05; done', "sh", ended]);
        const { exitCode } = await server.script("resume-apps.sh", String(run.pid));
        await run;
        assert.deepEqual([exitCode, await server.read("machine/notes-before")], [0, ""]);
        assert.equal(await pgbouncer.end(), "resumed");
    });

    test("send no signal to what is not pgbouncer yet, or is something else: it would end", async () => {
        await using server = await preparedServer();
        await using other = await processThere(server, "entrypoint");
        await postgresRuns(server);
        await server.apply({ ...before, postgres: "other:17" });
        assert.equal(await other.end(), "");
    });

    test("let pgbouncers be while PostgreSQL stays, and hold them where it is to be made from something else", async () => {
        for (const [there, held] of [
            [{}, false] as const,
            [{ hash: "another" }, true] as const,
            [{ running: false }, true] as const,
        ]) {
            await using server = await preparedServer();
            await using pgbouncer = await processThere(server, "pgbouncer");
            await postgresRuns(server, there);
            await server.apply({ ...before, certificate: "ANOTHER" });
            assert.equal(/held/.test(await pgbouncer.end()), held, JSON.stringify(there));
            assert.equal(server.has("machine/units"), held);
        }
    });

    test("have apps go on when the run that holds them was killed", async () => {
        await using server = await preparedServer();
        await using pgbouncer = await processThere(server, "pgbouncer");
        const { exitCode } = await server.script("resume-apps.sh", "4194305");
        assert.equal(exitCode, 0);
        assert.equal(await pgbouncer.end(), "resumed");
    });

    test("are put back also after a run that was killed half-way", async () => {
        await using server = await preparedServer();
        const was = await stateOf(server);
        await server.apply({ ...before, certificate: "ANOTHER", postgres: "deadly:17" });
        assert.notDeepEqual(await stateOf(server), was);
        assert.match((await server.run("check", [])).stdout, /a change of the shared services has not come to its end/);
        await server.apply({ ...before, postgres: "sick:17" });
        assert.deepEqual(await stateOf(server), was);
    });

    test("converge after a run that was killed half-way, with the same configuration or the one before", async () => {
        for (const wanted of [{ ...before, certificate: "ANOTHER" }, before]) {
            await using server = await preparedServer();
            await server.apply({ ...before, certificate: "ANOTHER", postgres: "deadly:17" });
            const { exitCode, stderr } = await server.apply(wanted);
            assert.equal(exitCode, 0, stderr);
            await using other = await preparedServer(wanted);
            const [found, expected] = [await stateOf(server), await stateOf(other)];
            assert.deepEqual(found, expected);
        }
    });

    test("are done again where the stack's `mended` has changed, and left alone otherwise", async () => {
        await using server = await preparedServer();
        assert.equal((await server.apply(before)).exitCode, 0);
        await server.apply({ ...before, mended: "today" });
        assert.equal((await server.calls()).filter((call) => / up -d --wait /.test(call)).length, 1);
    });

    test("load a certificate that was renewed, though the configuration that names it is the same", async () => {
        await using server = await preparedServer();
        await server.apply({ certificate: "A RENEWED ONE", key: "its key" });
        assert.equal(await server.read("machine/loaded"), "A RENEWED ONE");
    });

    test("have an account's key in a file for root alone, for as long as its authority is named", async () => {
        const authority = { directory: "https://ca.example/dir", externalAccount: "kid-1" };
        await using server = await preparedServer({ authorities: [authority], accounts: { "kid-1": "the-mac-key" } });
        const folder = join(server.root, "server/caddy/tls");
        const [file = ""] = readdirSync(folder);
        assert.equal(await server.read(`server/caddy/tls/${file}`), "the-mac-key\n");
        assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
        const caddyfile = (await server.read("server/caddy/Caddyfile")) ?? "";
        assert.ok(caddyfile.includes(`eab kid-1 {file./etc/caddy/tls/${file}}`), caddyfile);
        assert.ok(!caddyfile.includes("the-mac-key"));
        await server.apply({ authorities: [{ directory: "https://ca.example/dir" }] });
        assert.deepEqual(readdirSync(folder), []);
    });

    test("show no certificate any longer of an authority that nobody trusts, once it is not named", async () => {
        const trial = { directory: "https://trial.example/dir", caCertificate: "PEM OF THE TRIAL" };
        const real = { directory: "https://real.example/dir" };
        const reloads = async (from: readonly AcmeAuthority[], to: readonly AcmeAuthority[]) => {
            await using server = await preparedServer({ authorities: from });
            const { exitCode, stderr } = await server.apply({ authorities: to });
            assert.equal(exitCode, 0, stderr);
            assert.ok(!server.has("server/caddy/without-sites"));
            const calls = (await server.calls()).filter((call) => call.includes("caddy reload --force"));
            return calls.map((call) => /--config \/etc\/caddy\/(\S+)/.exec(call)?.[1]);
        };
        assert.deepEqual(await reloads([trial], [real]), ["Caddyfile", "without-sites", "Caddyfile"]);
        for (const kept of [[real, trial], [{ ...trial, caCertificate: "PEM OF ITS SUCCESSOR" }]])
            assert.deepEqual(await reloads([trial], kept), ["Caddyfile"]);
        // What is trusted everywhere is shown until its renewal.
        assert.deepEqual(await reloads([real], [{ directory: "https://other.example/dir" }]), ["Caddyfile"]);
    });

    test("warn of apps whose names a certificate of one's own is not for", async () => {
        await using server = await preparedServer();
        await server.put("server/caddy/sites/recall.caddy", "recall.lab.example, a.other.example {\n}\n");
        await server.put("server/caddy/sites/deep.caddy", "a.b.lab.example {\n}\n");
        const { exitCode, stderr } = await server.apply({ ...makeCertificate("*.lab.example", "lab.example") });
        assert.equal(exitCode, 0, stderr);
        const warnings = stderr.split("\n").filter((line) => line.startsWith("warning: "));
        assert.deepEqual(
            warnings.map((line) => line.split(" is not for ")[1]),
            ["a.b.lab.example, which the app deep has here", "a.other.example, which the app recall has here"],
        );
    });

    test("are told to differ by their files, containers and what was applied", async () => {
        await using server = await preparedServer();
        await server.put("server/caddy/Caddyfile", "changed by hand");
        const { stdout } = await server.run("check", ["another-sum"]);
        assert.match(stdout, /^server: dlgr-server-postgres is missing$/m);
        assert.match(stdout, /^server: what was applied last is not what the stack has$/m);
        assert.match(stdout, /^server: .*\/caddy\/Caddyfile is not what was applied$/m);
        assert.doesNotMatch(stdout, /compose\.yaml|pg_hba/);
    });
});

suite("PostgreSQL's files", { skip: process.platform !== "linux" }, () => {
    const mounted = async ({ read }: PreparedServer) => {
        const text = (await read("machine/running")) ?? "";
        const [, volume] = /"?name"?: "?(dlgr-server-postgres-\d+)/.exec(text) ?? [];
        const [, folder] = /postgres:(\/var\/lib[^\s"]*)/.exec(text) ?? [];
        return [volume, folder];
    };

    test("are where the image of a new server wants them, in a volume of its major version", async () => {
        for (const [major, folder] of [
            [17, "/var/lib/postgresql/data"],
            [18, "/var/lib/postgresql"],
        ] as const) {
            await using server = await preparedServer({ postgres: `postgres:${major}` });
            assert.deepEqual(await mounted(server), [`dlgr-server-postgres-${major}`, folder]);
        }
    });

    test("stay in the volume that they are in, whatever its name says", async () => {
        await using server = await preparedServer();
        await server.put("machine/volumes/dlgr-server-postgres-17/PG_VERSION", "16\n");
        assert.equal((await server.apply({ postgres: "postgres:16" })).exitCode, 0);
        assert.deepEqual(await mounted(server), ["dlgr-server-postgres-17", "/var/lib/postgresql/data"]);
    });

    test("of another major version are refused, with the command that sets the image back", async () => {
        await using server = await preparedServer({ postgres: "postgres:18" });
        await server.put("machine/volumes/dlgr-server-postgres-18/18/docker/PG_VERSION", "18\n");
        const { stderr } = await server.apply({ postgres: "postgres:17" });
        assert.match(
            stderr,
            /are PostgreSQL 18's, and postgres:17 is PostgreSQL 17.*server\.images\.postgres' postgres:18`/,
        );
    });
});
