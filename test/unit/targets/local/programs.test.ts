import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, readFile, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { execa } from "execa";
import { LOCAL_PROGRAMS, localRequest } from "../../../../components/targets/local/localRequest.ts";

const FOLDER = "local/recall-a1b2c3";
const request = {
    ...{ engine: "unix:///nowhere", project: "recall-a1b2c3", folder: FOLDER },
    ...{ address: "localhost:5001", port: 5000, fresh: "", save: true, repository: "" },
};

/** A project's folder in which programs are run, with a docker that is this text for `sh` and notes its arguments. */
async function project(docker = "") {
    const { path, [Symbol.asyncDispose]: dispose } = await mkdtempDisposable(join(tmpdir(), "local-"));
    await mkdir(join(path, "bin"));
    await writeFile(join(path, "bin/docker"), `#!/bin/sh\necho "$*" >>"${path}/calls"\n${docker}\n`, { mode: 0o700 });
    const run = async (
        program: keyof typeof LOCAL_PROGRAMS,
        { word, input = "", changes = {} }: { word?: string; input?: string; changes?: Partial<typeof request> } = {},
    ) => {
        const own = { PATH: `${path}/bin:${process.env.PATH}`, XDG_DATA_HOME: join(path, "data") };
        const env = { ...localRequest.render({ ...request, ...changes }), ...own };
        const args = [LOCAL_PROGRAMS[program], ...(word === undefined ? [] : [word])];
        const { exitCode, stdout, stderr } = await execa("node", args, { cwd: path, env, input, reject: false });
        return { exitCode, stdout, stderr };
    };
    const calls = async () => (existsSync(join(path, "calls")) ? await readFile(join(path, "calls"), "utf8") : "");
    return { path, run, calls, [Symbol.asyncDispose]: dispose };
}

/** The secrets of an experiment, in the folder of a project. */
async function keepSecrets(path: string, secrets: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(join(path, FOLDER, "secrets"), { recursive: true });
    await writeFile(join(path, FOLDER, "secrets/app.json"), JSON.stringify(secrets));
    await writeFile(join(path, FOLDER, "secrets/database-password"), "a password");
}

suite("the port of an experiment on this machine", () => {
    test("is one on which nothing listens", async () => {
        await using own = await project();
        const first = Number((await own.run("port")).stdout);
        assert.ok(first >= 5000);
        const taken = createServer().listen(first, "127.0.0.1");
        await once(taken, "listening");
        try {
            assert.ok(Number((await own.run("port")).stdout) > first);
        } finally {
            taken.close();
        }
    });

    test("is another one for each of two that are made at once", async () => {
        await using own = await project();
        const [one, other] = await Promise.all([own.run("port"), own.run("port")]);
        assert.notEqual(one.stdout, other.stdout);
    });
});

suite("the folder of an experiment on this machine", () => {
    const image = `sha256:${"a".repeat(64)}`;
    const files = JSON.stringify({ image, files: { "compose.yaml": "name: recall\n", "secrets/app.json": "{}" } });
    /** An engine that sees the folder, and has room. */
    const engine = 'case "$1" in run) echo 9000 ;; network) echo n1 ;; esac';

    test("is its user's alone, with its secrets", async () => {
        await using own = await project(engine);
        const { exitCode, stderr } = await own.run("folder", { word: "write", input: files });
        assert.equal(exitCode, 0, stderr);
        assert.match(stderr, /local\/recall-a1b2c3\/compose\.yaml/);
        for (const [path, mode] of [
            ["", 0o700],
            ["secrets", 0o700],
            ["secrets/app.json", 0o600],
        ] as const) {
            assert.equal((await stat(join(own.path, FOLDER, path))).mode & 0o777, mode, path);
        }
    });

    test("is written when there is a network for the containers, which may take a moment", async () => {
        await using own = await project(
            `case "$1" in run) echo 9000 ;; network) [ "$(grep -c '^network' calls)" -lt 3 ] || echo n1 ;; esac`,
        );
        const { exitCode, stderr } = await own.run("folder", { word: "write", input: files });
        assert.equal(exitCode, 0, stderr);
        assert.equal((await own.calls()).match(/^network ls /gm)?.length, 3);
    });

    test("keeps what the experiment has written there, whatever is changed", async () => {
        await using own = await project(engine);
        await own.run("folder", { word: "write", input: files });
        for (const path of ["logs.jsonl", "files/recording"]) await writeFile(join(own.path, FOLDER, path), "a line\n");
        const other = JSON.stringify({ image, files: { "compose.yaml": "name: other\n" } });
        await own.run("folder", { word: "write", input: other });
        for (const path of ["logs.jsonl", "files/recording"])
            assert.equal(await readFile(join(own.path, FOLDER, path), "utf8"), "a line\n");
        assert.equal(await readFile(join(own.path, FOLDER, "compose.yaml"), "utf8"), "name: other\n");
    });

    test("goes with all that is in it, and with the images that were built for the experiment", async () => {
        await using own = await project(
            'case $* in "network ls"*) echo n1 ;; "image ls"*reference*) echo recall:1a-base ;; "image ls"*) echo sha256:1a; echo sha256:2b ;; *2b) exit 1 ;; esac',
        );
        await own.run("folder", { word: "write", input: files });
        const { exitCode } = await own.run("folder", { word: "remove", changes: { repository: "recall" } });
        assert.equal(exitCode, 0);
        assert.ok(!existsSync(join(own.path, "local")));
        assert.match(
            await own.calls(),
            /label=dallinger\.watching-for=recall\n.*reference=recall:\*-base .*\nimage rm sha256:1a\nimage rm sha256:2b\nimage rm recall:1a-base\n/,
        );
    });

    for (const [what, docker, said] of [
        [
            "does not see it",
            "echo 'bind source path does not exist: /x' >&2; exit 125",
            /^[^\n]* unix:\/\/\/nowhere does not see \/\S+\/start: have it share that folder/m,
        ],
        ["has made an empty one in its place", "echo 'FileNotFoundError: start.py' >&2; exit 1", /does not see/],
        [
            "has no room",
            "echo 200",
            /^The experiment cannot run on this machine: 200 MiB are free where the Docker engine/m,
        ],
        [
            "cannot run a container",
            "printf 'docker: Error response from daemon: no.\\nSee help.\\n' >&2; exit 125",
            /could not run a container: docker: Error response from daemon: no\.$/m,
        ],
    ] as const) {
        test(`is refused in one line where the engine ${what}`, async () => {
            await using own = await project(docker);
            const { exitCode, stderr } = await own.run("folder", { word: "write", input: files });
            assert.equal(exitCode, 1);
            assert.match(stderr, said);
            assert.ok(!existsSync(join(own.path, "local")), "and nothing of it stays");
        });
    }

    test("is never another one", async () => {
        await using own = await project();
        for (const folder of ["local", "local/..", "/", "local/recall-a1b2c3/../..", "stacks/recall-a1b2c3"]) {
            const { exitCode } = await own.run("folder", { word: "remove", changes: { folder } });
            assert.notEqual(exitCode, 0, folder);
        }
        assert.ok(existsSync(own.path));
    });
});

suite("the launch of an experiment on this machine", () => {
    /** An experiment that answers so. */
    async function experiment(status: number, body: string) {
        let launches = 0;
        const server = createHttpServer((asked, answer) => {
            if (asked.method === "POST" && asked.url === "/launch") launches++;
            answer.writeHead(status).end(body);
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = Object(server.address());
        return { port, launches: () => launches, [Symbol.dispose]: () => server.close() };
    }

    test("is done once, and its answer is known from then on", async () => {
        await using own = await project();
        using app = await experiment(200, '{"recruitment_msg":"come in"}');
        const changes = { port: app.port };
        for (const _ of [1, 2]) {
            const { exitCode, stdout } = await own.run("launch", { changes });
            assert.deepEqual([exitCode, stdout], [0, '{"recruitment_msg":"come in"}']);
        }
        assert.equal(app.launches(), 1);
    });

    test("is tried again where Dallinger has said that it did not work", async () => {
        await using own = await project();
        using app = await experiment(500, '{"message":"no such recruiter"}');
        for (const _ of [1, 2]) {
            const { exitCode, stderr } = await own.run("launch", { changes: { port: app.port } });
            assert.equal(exitCode, 1);
            assert.match(stderr, /could not be launched: .*no such recruiter/);
        }
        assert.equal(app.launches(), 2);
    });

    test("is not repeated where nobody knows how one has ended", async () => {
        await using own = await project();
        await mkdir(join(own.path, FOLDER, "state"), { recursive: true });
        await writeFile(join(own.path, FOLDER, "state/launch-started"), "then");
        using app = await experiment(200, "{}");
        const { exitCode, stderr } = await own.run("launch", { changes: { port: app.port } });
        assert.equal(exitCode, 1);
        assert.match(
            stderr,
            /nobody knows how it ended: .*`\.\/ops\/dallinger launch accept`; if not: `\.\/ops\/dallinger launch forget`/,
        );
        assert.equal(app.launches(), 0);
    });
});

/** The stack's web, and a worker that somebody else has made. */
const two =
    'case $* in "ps -a"*) echo "w1 recall-web-1 web"; echo "w2 recall-worker-1 worker" ;; *inspect*) echo "[]" ;; esac';

suite("the tables of an experiment on this machine", () => {
    /** An engine with PostgreSQL, that answers a query so, and with other containers; what makes tables notes what it is told. */
    const answers = (query: string, others = "") => {
        const found = `printf 'p1 recall-a1b2c3-postgres-1 postgres\\n${others}'`;
        return `case "$*" in
"ps "*) ${found} ;; *inspect*) echo '[]' ;; "exec "*psql*) ${query} ;; "compose "*) cat >word; cat word >>told; [ -s word ] || exit 3 ;;
esac`;
    };
    const told = async ({ path }: { path: string }) => await readFile(join(path, "told"), "utf8").catch(() => "");

    test("are not dropped by a run that was killed, after another one has made them", async () => {
        const others = "b1 recall-a1b2c3-tables worker\\nw1 recall-a1b2c3-web-1 web\\n";
        await using own = await project(answers("echo 0", others));
        const { exitCode, stderr } = await own.run("database");
        assert.equal(exitCode, 0, stderr);
        const calls = (await own.calls()).split("\n");
        const [ended, made] = ["rm -f -v b1", "compose "].map((call) =>
            calls.findIndex((line) => line.startsWith(call)),
        );
        assert.ok(ended !== undefined && made !== undefined && ended >= 0 && ended < made, calls.join("\n"));
        assert.match(calls[made] ?? "", / run --rm --name recall-a1b2c3-tables .* --tables$/);
        assert.equal(calls.filter((line) => line.startsWith("rm ")).length, 1);
        assert.equal(await told(own), "make\n");
    });

    test("are made once: a database that has some is left as it is", async () => {
        await using own = await project(answers("echo 12"));
        for (const _ of ["where its folder is new", "later"]) assert.equal((await own.run("database")).exitCode, 0);
        assert.equal(await told(own), "");
        assert.equal((await own.calls()).match(/ --tables$/gm)?.length, 1, "a container that has nothing to do");
    });

    test("are made where the database is a new one in the place of another", async () => {
        await using own = await project(answers("echo 0"));
        for (const _ of ["first", "then"]) assert.equal((await own.run("database")).exitCode, 0);
        assert.equal(await told(own), "make\nmake\n");
    });

    test("are a failure where what makes them fails, whose words are shown without secrets, and nothing after them", async () => {
        const fails = 'case "$*" in "compose "*) echo "no column; the token is s3cret-token" >&2; exit 1 ;; esac';
        await using own = await project(`${fails}\n${answers("echo 0")}`);
        await keepSecrets(own.path, { api_token: "s3cret-token" });
        const { exitCode, stderr } = await own.run("database");
        assert.equal(exitCode, 1);
        assert.match(stderr, /The tables could not be made: .*\nno column; the token is …$/s);
        assert.doesNotMatch(stderr, /making the tables|s3cret/);
        assert.ok(!existsSync(join(own.path, FOLDER, "state/fresh")));
    });

    test("are not taken for made where what makes them has not heard that it shall", async () => {
        await using own = await project(`case "$*" in "compose "*) exit 3 ;; esac\n${answers("echo 0")}`);
        const { exitCode, stderr } = await own.run("database");
        assert.deepEqual([exitCode, /ended before it was told to/.test(stderr)], [1, true], stderr);
        assert.ok(!existsSync(join(own.path, FOLDER, "state/fresh")));
    });

    test("are not made where nobody can say whether there are some", async () => {
        await using own = await project(answers("exit 1"));
        assert.equal((await own.run("database")).exitCode, 1);
        await using gone = await project();
        assert.match((await gone.run("database")).stderr, /PostgreSQL is not there: `up --refresh`/);
        for (const one of [own, gone]) assert.equal(await told(one), "");
    });
});

suite("the containers of an experiment on this machine", () => {
    test("are waited for, and are the stack's even where one of them is not well", async () => {
        const ended =
            '[{"Id":"w1","Name":"/recall-web-1","RestartCount":%s,"Config":{"Labels":{}},"State":{"Status":"restarting"}}]';
        await using own = await project(`case "$*" in
*inspect*) printf '${ended}' "$(grep -c inspect calls)" ;;
logs*) echo "no module named recal" ;;
esac`);
        await keepSecrets(own.path, {});
        const { exitCode, stderr } = await own.run("containers", { input: '["w1"]' });
        assert.equal(exitCode, 1);
        assert.match(stderr, /recall-web-1 ends again and again; its last lines:\nno module named recal/);
        assert.equal(await readFile(join(own.path, FOLDER, "state/containers.json"), "utf8"), '["w1"]');
    });
});

suite("the names of an experiment's containers on this machine", () => {
    test("are taken from those that no deployment knows, and from no others", async () => {
        await using own = await project(two);
        await own.run("containers", { input: '["w1"]' });
        const input = '{"recall-web-1":"w1","recall-worker-1":"w2","recall-clock-1":"gone"}';
        const { exitCode, stderr } = await own.run("names", { input });
        assert.deepEqual([exitCode, stderr.includes("which go: recall-worker-1")], [0, true], stderr);
        assert.match(await own.calls(), /^rm -f -v w2$/m);
        assert.equal(await readFile(join(own.path, FOLDER, "state/taken-over.json"), "utf8"), input);
    });
});

suite("the end of an experiment on this machine", () => {
    test("removes nothing where its data cannot be saved, and has it go on", async () => {
        const docker = `case $* in
"ps -a"*) echo "w1 recall-web-1 web"; echo "p1 recall-postgres-1 postgres"; echo "r1 recall-redis-1 redis" ;;
"exec "*pg_dump*) echo "pg_dump: error" >&2; exit 1 ;;
esac`;
        await using own = await project(docker);
        await mkdir(join(own.path, FOLDER, "files"), { recursive: true });
        const { exitCode, stderr } = await own.run("end", { word: "remove" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /^The data could not be saved, so nothing is removed: /m);
        const calls = (await own.calls()).trim().split("\n");
        assert.ok(calls.includes("stop w1") && calls.at(-1) === "start w1", calls.join("\n"));
        assert.ok(!calls.some((call) => call.startsWith("rm ")));
    });

    test("removes what no deployment knows, and leaves the stack's containers to the stack", async () => {
        await using own = await project(two);
        await own.run("containers", { input: '["w1"]' });
        assert.equal((await own.run("end", { word: "remove", changes: { save: false } })).exitCode, 0);
        assert.match(await own.calls(), /^rm -f -v w2$/m);
    });

    test("is refused where the containers are gone and the database is not, as after `docker compose down`", async () => {
        await using own = await project('case $* in "volume ls"*) echo recall-a1b2c3-postgres ;; esac');
        const { exitCode, stderr } = await own.run("end", { word: "remove" });
        assert.equal(exitCode, 1);
        assert.match(stderr, /the database is there and its container is not/);
        await using gone = await project();
        assert.equal((await gone.run("end", { word: "remove" })).exitCode, 0);
    });

    test("is nothing before that", async () => {
        await using own = await project();
        assert.equal((await own.run("end", { word: "stay" })).exitCode, 0);
        assert.equal(await own.calls(), "");
    });
});
