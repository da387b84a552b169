import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import { buildEnvironment } from "../../../../../components/image/build/buildEnvironment.ts";
import { planImage } from "../../../../../components/image/context/imagePlan.ts";
import {
    deliveryProgram,
    destinationEnvironment,
} from "../../../../../components/targets/server/delivery/deliveryEnvironment.ts";
import { temporaryFolder } from "../../../image/temporaryFolder.ts";
import { CONFIG, LAYERS, layout, sha256 } from "./exampleImage.ts";

const ID = `sha256:${sha256(CONFIG)}`;
const EXPERIMENT = { "recall/experiment.py": "# an experiment\n", "recall/requirements.txt": "dallinger==12.4.0\n" };

/** A docker that notes what it is told and with which engine; it builds, and saves the example's image. */
const DOCKER = `#!/bin/sh
echo "\${DOCKER_HOST:-here} $*" >> "$NOTES/docker"
case "$*" in
"image inspect "*) [ -e "$NOTES/built" ] && echo "${ID} $CONTENT_HASH" ;;
"buildx build "*) cat >/dev/null; [ -z "$FAILS" ] || exit 1; : > "$NOTES/built" ;;
"image save "*) tar -C "$SAVED" -cf - . ;;
esac`;

/** A server behind ssh: it knows the image from the start if $KNOWS, and pulls from where -R leads like docker does. */
const SSH = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
const http = require("node:http");
const args = process.argv.slice(2);
appendFileSync(process.env.NOTES + "/ssh", args.join(" ") + "\\n");
const forwarded = (option) => args[args.indexOf(option) + 1].split(":");
const get = (socketPath, path) => new Promise((resolve, reject) => {
    http.get({ socketPath, path, agent: false }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text) => { body += text; }).on("end", () => resolve(body));
    }).on("error", reject);
});
const end = () => { console.log("there ${ID}"); process.exit(0); };
if (process.env.KNOWS) end();
if (args.includes("-R")) console.error("Allocated port 4321 for remote forward to somewhere:-2");
if (args.includes("-L")) http.createServer((request, answer) => answer.end()).listen(forwarded("-L")[0]);
if (process.env.HANGS) setInterval(() => {}, 1000); else console.log("missing");
process.stdin.on("data", async (text) => {
    const [verb, image] = String(text).trim().split(" ");
    if (verb === "built") end();
    const [, repository, digest] = /^127\\.0\\.0\\.1:4321\\/(.*)@(.*)$/.exec(image);
    const socket = forwarded("-R").slice(2).join(":");
    const manifest = JSON.parse(await get(socket, "/v2/" + repository + "/manifests/" + digest));
    const layer = manifest.layers[1];
    appendFileSync(process.env.NOTES + "/pulled", await get(socket, "/v2/" + repository + "/blobs/" + layer.digest));
    end();
});`;

suite("the delivery program", () => {
    test("neither builds nor sends what the server has", async (context) => {
        const { stdout, calls } = await deliver(context, "ssh", { KNOWS: "yes" });
        assert.deepEqual([stdout, calls], [`commit \n${ID}`, []]);
    });

    test("builds here, and lets the server pull through the connection", async (context) => {
        const { stdout, stderr, calls, notes, temporary } = await deliver(context, "ssh");
        assert.equal(stdout, `commit \n${ID}`, stderr);
        assert.equal(readFileSync(join(notes, "pulled"), "utf8"), LAYERS[1]);
        assert.ok(calls.every((call) => call.startsWith("here ")));
        assert.match(stderr, /^Sending what the server does not have of recall:[0-9a-f]{8,}: 3 layers, 14 kB$/m);
        assert.match(stderr, /^Sent 14\.\d kB of 14 kB, before compression$/m);
        assert.deepEqual(readdirSync(temporary), []);
    });

    test("builds with the server's engine, and sends nothing", async (context) => {
        const { stdout, stderr, calls, notes } = await deliver(context, "server");
        assert.equal(stdout, `commit \n${ID}`, stderr);
        assert.ok(calls.length > 0 && calls.every((call) => /^unix:\/\/\S+\/docker /.test(call)), calls.join("\n"));
        assert.ok(!calls.some((call) => call.includes("image save")));
        // Where that engine keeps its images is no folder of this machine.
        assert.ok(!calls.some((call) => call.includes("DockerRootDir")));
        assert.ok(!existsSync(join(notes, "pulled")));
    });

    test("reaches the configured host only, with the stack's own key from standard input", async (context) => {
        const { notes, temporary } = await deliver(context, "ssh", { KNOWS: "yes" }, "THE KEY\n");
        const line = readFileSync(join(notes, "ssh"), "utf8");
        for (const option of ["StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "IdentityAgent=none", "-F none"]) {
            assert.ok(line.includes(option), option);
        }
        assert.match(
            line,
            / -p 2222 debian@203\.0\.113\.7 exec sudo -n \/srv\/dallinger\/apps\/recall\/bin\/app deliver /,
        );
        assert.ok(!line.includes("THE KEY"));
        assert.deepEqual(readdirSync(temporary), []);
    });

    test("says last that the build failed, and why is above", async (context) => {
        const { exitCode, stdout, stderr } = await deliver(context, "server", { FAILS: "yes" });
        assert.deepEqual([exitCode, stdout], [1, ""]);
        const [last = "", before = ""] = stderr.split("\n").toReversed();
        assert.match(
            last,
            /^The image of the experiment did not get to the server: recall:\S+ was not built: the line above/,
        );
        assert.match(before, /^The image of the experiment was not built: /);
    });

    test("ends ssh and leaves no file behind when it is interrupted", async (context) => {
        const { running, notes, temporary } = start(context, "ssh", { HANGS: "yes" });
        while (!existsSync(join(notes, "ssh"))) await setTimeout(20);
        running.kill("SIGTERM");
        const { exitCode, stderr } = await running;
        assert.equal(exitCode, 1);
        assert.match(stderr, /did not get to the server: it was interrupted$/);
        assert.deepEqual(readdirSync(temporary), []);
    });
});

type Variables = Readonly<Record<string, string>>;

async function deliver(...given: Parameters<typeof start>) {
    const { running, ...places } = start(...given);
    const { stdout, stderr, exitCode } = await running;
    const file = join(places.notes, "docker");
    const calls = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    return { stdout, stderr, exitCode, calls, ...places };
}

function start(context: TestContext, delivery: "ssh" | "server", variables: Variables = {}, input = "") {
    const project = temporaryFolder(context, EXPERIMENT);
    const bin = temporaryFolder(context, { docker: { script: DOCKER }, ssh: { script: SSH } });
    const [notes, temporary] = [temporaryFolder(context), temporaryFolder(context)];
    const options = { path: "recall", platform: "linux/amd64", buildArgs: {}, strict: false, knownHosts: [] };
    const { contentHash } = planImage(project, options);
    const build = { ...options, repository: "recall", contentHash, delivery };
    const server = { host: "203.0.113.7", port: 2222, user: "debian", hostKey: "ssh-ed25519 AAAA" };
    const running = execa(process.execPath, [deliveryProgram], {
        cwd: project,
        reject: false,
        input,
        env: {
            ...buildEnvironment.render(build),
            ...destinationEnvironment.render({ ...server, app: "recall", freeSpace: 2048, mended: "" }),
            PATH: [bin, process.env.PATH].join(delimiter),
            NOTES: notes,
            CONTENT_HASH: contentHash,
            SAVED: layout(context),
            FAILS: "",
            DOCKER_HOST: "",
            TMPDIR: temporary,
            ...variables,
        },
    });
    return { running, notes, temporary };
}
