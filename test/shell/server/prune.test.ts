import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readPruneEnd, readPrunePlan } from "../../../ops/pruned.ts";
import { occupy, until } from "../app/appOnServer.ts";
import { pretendedMachine } from "./pretendedMachine.ts";

const id = (digit: string) => `sha256:${digit.repeat(64)}`;

/**
 * A server whose images are files of $MACHINE/images named by their ids: a line of names, the first one docker's, then the size, what
 * label says that we have built it, and what label says that it was for a machine of one's own. $MACHINE/used are ids of containers.
 */
const docker = `
for last; do :; done
images=$MACHINE/images
find_image() { for file in "$images"/*; do case " $(sed -n 1p "$file") \${file##*/} " in *" $1 "*) echo "$file"; return ;; esac; done; return 1; }
case $* in
info*) echo "$MACHINE" ;;
"ps -aq") [ ! -s "$MACHINE/used" ] || echo one-container ;;
"inspect --format {{.Image}}"*) cat "$MACHINE/used" ;;
"image ls "*) for file in "$images"/*; do [ "$(sed -n 3p "$file")" = "" ] || basename "$file"; done ;;
"image inspect --format {{.Id}} {{.Size}}"*)
    file=$(find_image "$last") || exit 1
    echo "$(basename "$file") $(sed -n 2p "$file") watching:$(sed -n 4p "$file") $(sed -n 1p "$file" | cut -d' ' -f1)"
    ;;
"image inspect --format {{.Id}}"*) file=$(find_image "$last") && basename "$file" ;;
"image rm "*)
    file=$(find_image "$last") || exit 1
    ! grep -qx "$(basename "$file")" "$MACHINE/used" || exit 1
    [ "$(sed -n 1p "$file" | wc -w)" -lt 2 ] || exit 1
    rm "$file"
    ;;
esac`;

interface Image {
    readonly names?: string;
    readonly ours?: boolean;
    readonly local?: boolean;
}

async function server(images: Readonly<Record<string, Image>>, files: Readonly<Record<string, string>> = {}) {
    const machine = await pretendedMachine({ docker });
    const all = { "machine/used": "", "server/compose.yaml": "", "machine/images/none": "\n0\n", ...files };
    for (const [path, text] of Object.entries(all)) await machine.put(path, text);
    for (const [name, { names = "", ours = true, local = false }] of Object.entries(images))
        await machine.put(`machine/images/${name}`, `${names}\n1000\n${ours ? "a-hash" : ""}\n${local ? "w" : ""}\n`);
    const prune = async (said: string) => {
        const { exitCode, stdout, stderr } = await machine.run(`printf '%s\\n' ${said} | ./server prune`);
        const [plan = "", end = ""] = stdout.split(/^end$/m);
        return { exitCode, stderr, ...readPrunePlan(plan), end: end.trim() };
    };
    return { machine, prune, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
}

const [unused, kept, wanted, running] = [id("1"), id("2"), id("3"), id("4")];
const [foreign, named, mine, base] = [id("5"), id("6"), id("7"), id("8")];

suite("what is pruned on a server", { skip: process.platform !== "linux" }, () => {
    const images = {
        [unused]: { names: "registry.example/recall:12345678" },
        [kept]: { names: "registry.example/recall:23456789" },
        [wanted]: {},
        [running]: {},
        [foreign]: { names: "registry.example/recall:99999999", ours: false },
        [named]: { names: "registry.example/recall:34567890 somebody/else:1" },
        [mine]: { local: true },
        [base]: { names: "local/recall:1234-base" },
    };
    const files = {
        "apps/recall/releases/0123456789ab/image": "registry.example/recall:23456789\n",
        "apps/recall/image-wanted": `${wanted}\n`,
        "machine/used": `${running}\n`,
    };

    test("is what we have built and neither a container nor a release has, and nothing without a yes", async () => {
        await using played = await server(images, files);
        const { parts, exitCode, stderr, end } = await played.prune("no");
        assert.equal(exitCode, 0, stderr);
        assert.deepEqual(
            parts.map(({ id, name, bytes }) => [id, name, bytes]),
            [
                [unused, "registry.example/recall:12345678", 1000],
                [named, "registry.example/recall:34567890", 1000],
            ],
        );
        assert.equal(end, "");
        assert.ok(!(await played.machine.calls()).some((call) => /image rm|prune|--force/.test(call)));
        const after = await played.prune("yes");
        assert.deepEqual(readPruneEnd(after.end).gone, [unused]);
        assert.match(after.end, new RegExp(`^kept ${named}$`, "m"));
        for (const there of [kept, wanted, running, foreign, named, mine, base])
            assert.ok(played.machine.has(`machine/images/${there}`), there);
    });

    test("is what was brought for the services and no reference means any more, by digest alone", async () => {
        const [old, now] = ["redis@sha256:aa", "redis@sha256:bb"];
        const services = {
            [unused]: { names: old, ours: false },
            [kept]: { names: now, ours: false },
            [foreign]: { names: "postgres:17", ours: false },
        };
        await using played = await server(services, {
            "server/images": `${old}\n${now}\npostgres:17\n`,
            "server/pinned": `redis:8 ${now}\n`,
        });
        assert.deepEqual(
            (await played.prune("no")).parts.map(({ name }) => name),
            [old],
        );
        assert.deepEqual(readPruneEnd((await played.prune("yes")).end).gone, [old]);
    });

    test("is what killed runs have left of what they received, not what a run has that is alive, nor a backup", async () => {
        await using played = await server(
            {},
            {
                "apps/recall/payloads/99999999.1/secret": "x",
                "apps/recall/releases/.incoming/image": "x",
                "server/payloads/99999998.1/secret": "x",
                "backups/recall/.incomplete/database.dump": "x",
                "backups/recall/20260101T000000Z/database.dump": "x",
            },
        );
        const alive = `apps/recall/payloads/${process.pid}.$(sed 's/.*) //' /proc/${process.pid}/stat | cut -d' ' -f20)`;
        await played.machine.change(`mkdir ../../${alive}`);
        const { parts } = await played.prune("no");
        assert.deepEqual(parts.map(({ id }) => id.replace(`${played.machine.root}/`, "")).toSorted(), [
            "apps/recall/payloads/99999999.1",
            "apps/recall/releases/.incoming",
            "backups/recall/.incomplete",
            "server/payloads/99999998.1",
        ]);
        const { gone, freed } = readPruneEnd((await played.prune("yes")).end);
        assert.equal(gone.length, 4);
        assert.ok(freed >= 0);
        await played.machine.change(`test -d ../../${alive} -a -e ../../backups/recall/20260101T000000Z/database.dump`);
        assert.deepEqual((await played.prune("no")).parts, []);
    });

    test("is nothing of an app on which somebody is at work, and no image while one is brought", async () => {
        await using played = await server({ [unused]: {} }, { "apps/recall/releases/.incoming/image": "x" });
        await using _ = await occupy(`${played.machine.root}/apps/recall`);
        const found = await played.prune("yes");
        assert.deepEqual(found.busy, ["recall"]);
        assert.ok(played.machine.has("apps/recall/releases/.incoming/image"));
        assert.deepEqual(readPruneEnd(found.end).gone, [unused]);

        await using bringing = await server({ [unused]: {} }, { "apps/recall/owner": "x" });
        const run = `${process.pid}.$(sed 's/.*) //' /proc/${process.pid}/stat | cut -d' ' -f20)`;
        await bringing.machine.change(`ln -s ${run} ../../apps/recall/delivering`);
        const { busy, parts } = await bringing.prune("yes");
        assert.deepEqual([busy, parts], [["images"], []]);
    });

    test("leaves what a release has come to need while somebody was asked", async () => {
        await using played = await server({ [unused]: {} }, { "apps/recall/owner": "x" });
        const { root } = played.machine;
        const answer = `{ until [ -e ${root}/go ]; do sleep 0.05; done; echo yes; }`;
        const pruned = played.machine.run(`${answer} | ./server prune | tee ${root}/said`);
        await until(async () => played.machine.has("said") && (await played.machine.read("said")).includes("end"));
        await played.machine.put("apps/recall/image-wanted", `${unused}\n`);
        await played.machine.put("go", "");
        assert.match((await pruned).stdout, new RegExp(`^kept ${unused}$`, "m"));
    });

    test("is not guessed where docker does not answer", async () => {
        await using machine = await pretendedMachine({ docker: "exit 1" });
        const { exitCode, stdout, stderr } = await machine.run("echo yes | ./server prune");
        assert.deepEqual([exitCode, stdout], [1, ""]);
        assert.match(stderr, /Docker does not answer on this server/);
    });
});
