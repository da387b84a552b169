import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { execa } from "execa";
import { CommandLine } from "./commandLine.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A stack with a server whose images the configuration says in part, and what ssh answers for it. */
async function withServer(server: Record<string, unknown>, answers: string) {
    return async (line: CommandLine) => {
        const config = JSON.stringify({ "dallinger:server": { objectValue: server } });
        await writeFile(join(line.folder, "notes/config.json"), config);
        await line.script(
            "project/pulumi",
            [
                'case "$*" in',
                "*'stack output server'*) cat \"$NOTES/server.json\" ;;",
                "*'config --json'*) cat \"$NOTES/config.json\" ;;",
                '*\'config set\'*) echo "$*" >>"$NOTES/set" ;;',
                "esac",
            ].join("\n"),
        );
        await writeFile(join(line.folder, "notes/answers"), answers);
        await line.script("bin/ssh", 'echo "$*" >>"$NOTES/ssh"; cat "$NOTES/answers"');
    };
}

test("tags of a server's services are asked for anew, and what is another image is noted in the configuration", async (t) => {
    const line = await CommandLine.create(t);
    const images = { caddy: "lab.example/caddy:2", pgbouncer: `lab.example/pgbouncer@${digest("9")}` };
    const answers = [
        `lab.example/caddy:2 lab.example/caddy@${digest("a")} other`,
        `postgres:17 postgres@${digest("b")} same`,
        `redis:8 redis@${digest("c")} other`,
    ];
    await (await withServer({ images }, `${answers.join("\n")}\n`))(line);
    const { exitCode, stdout, stderr, ssh } = await line.run(["resolve", "services", "--stack", "lab1"]);
    assert.equal(exitCode, 0, stderr);
    assert.match(ssh, /bin\/server images anew postgres:17 redis:8 lab\.example\/caddy:2$/m);
    assert.deepEqual((await line.note("set")).trim().split("\n"), [
        `config set --path dallinger:server.resolved.redis redis:8@${digest("c")} --stack lab1`,
        `config set --path dallinger:server.resolved.caddy lab.example/caddy:2@${digest("a")} --stack lab1`,
    ]);
    assert.match(stdout, /^postgres: postgres:17 means the image that runs$/m);
    assert.match(stdout, /^redis: .* with which each app's next `\.\/pulumi up`, after that of this stack/m);
});

test("what was noted and never brought up does not stay where the tag has gone back", async (t) => {
    const line = await CommandLine.create(t);
    const resolved = { caddy: `caddy:2@${digest("d")}`, redis: `redis:7@${digest("e")}` };
    const answers = ["postgres:17", "redis:8", "edoburu/pgbouncer:v1.25.2-p0", "caddy:2"].map(
        (reference) => `${reference} ${reference.replace(/:.*/, "")}@${digest("a")} same`,
    );
    await (await withServer({ resolved }, `${answers.join("\n")}\n`))(line);
    await line.run(["resolve", "services", "--stack", "lab1"]);
    const set = `config set --path dallinger:server.resolved.caddy caddy:2@${digest("a")} --stack lab1\n`;
    assert.equal(await line.note("set"), set);
});

test("a release's digests of the default images are written by a script, all of them or none", async (t) => {
    const line = await CommandLine.create(t);
    const script = join(line.folder, "project/ops/pinServiceImages.ts");
    const path = "project/components/configuration/server/releasedImages.ts";
    const file = join(line.folder, path);
    const before = await readFile(file, "utf8");
    await line.replace(path, before);
    const answer = JSON.stringify({ manifest: { digest: digest("f") } });
    await line.script("bin/docker", `case "$*" in *postgres*) exit 1 ;; *) echo '${answer}' ;; esac`);
    const env = { PATH: `${join(line.folder, "bin")}:${process.env.PATH}` };
    const failed = await execa(process.execPath, [script], { env, reject: false });
    assert.deepEqual([failed.exitCode, await readFile(file, "utf8")], [1, before]);
    await line.script("bin/docker", `echo '${answer}'`);
    await execa(process.execPath, [script, "redis=lab.example/redis:8"], { env });
    const { RELEASED_IMAGES } = await import(file);
    assert.deepEqual(RELEASED_IMAGES, {
        postgres: `postgres:17@${digest("f")}`,
        redis: `lab.example/redis:8@${digest("f")}`,
        pgbouncer: `edoburu/pgbouncer:v1.25.2-p0@${digest("f")}`,
        caddy: `caddy:2@${digest("f")}`,
    });
});
