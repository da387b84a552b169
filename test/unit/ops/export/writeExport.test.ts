import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { readZip } from "../../../../ops/export/dataZip.ts";
import { type ExportOptions, exportApp, writeExport } from "../../../../ops/export/exportApp.ts";
import type { ExportedParts } from "../../../../ops/operations.ts";

const base64 = (text: string) =>
    Buffer.from(text)
        .toString("base64")
        .replace(/.{76}(?=.)/g, "$&\n");
const part = (name: string, content: string) => `: ${name}\n${content === "" ? "" : `${base64(content)}\n`}`;

const tables = {
    participant: "id,worker_id,assignment_id,unique_id,hit_id\n1,WORKER77,ASSIGN88,WORKER77:ASSIGN88,HIT99Q\n",
    info: 'id,contents,property1\n1,"I, ""WORKER77"",\nagain",\n2,"",x\n',
    recruitment: "id,recruiter_id\n",
};

const record = {
    ...{ release: "0123456789ab", image: "recall@sha256:0", applied: "2026-03-01T12:00:00Z" },
    ...{ by: "debian@203.0.113.9 SHA256:abc", settings: { contact_email_on_error: "somebody@lab.example" } },
};

/** What a server sends of an app with three tables. */
function stream(wanted: ExportedParts): string {
    const names = Object.keys(tables);
    return [
        part("record", `${JSON.stringify(record)}\n`),
        part("launch-started", "2026-03-01T12:00:00Z\n"),
        wanted.dump ? `${part("dump", "PGDMP")}: dumped 0\n` : "",
        part("names", `${names.join("\n")}\n`),
        part("rows", "participant 1\ninfo 2\nrecruitment 0\n"),
        ...Object.values(tables).map((csv, index) => part(`table ${index + 1}`, csv)),
        ": table 4\n: complete\n",
        wanted.files ? `${part("files", "tar")}: told 0\n` : "",
        wanted.logs ? `${part("log web", "a line\n")}: told 0\n` : "",
        ": end\n",
    ].join("");
}

interface Trial {
    /** Folder below which exports go. */
    readonly to: string;
    run(options?: Partial<ExportOptions>, change?: (text: string) => string): ReturnType<typeof writeExport>;
}

async function trial(t: TestContext): Promise<Trial> {
    t.mock.method(console, "error", () => {});
    const folder = await mkdtempDisposable(join(tmpdir(), "export-"));
    t.after(() => folder.remove());
    const run: Trial["run"] = (options = {}, change = (text) => text) => {
        const lines = async function* (wanted: ExportedParts) {
            yield* change(stream(wanted)).trimEnd().split("\n");
        };
        const all = { anonymize: "yes", to: folder.path, files: false, logs: false, json: false, ...options } as const;
        return writeExport("recall", { export: lines }, all);
    };
    return { to: folder.path, run };
}

async function entries(archive: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    await readZip(archive, async (path, content) => {
        const pieces: Buffer[] = [];
        for await (const piece of content) pieces.push(piece);
        found[path] = Buffer.concat(pieces).toString();
    });
    return found;
}

const json = async (file: string) => JSON.parse(await readFile(file, "utf8"));

suite("an export", () => {
    test("has every table as it came, Dallinger's first, and what else was asked for", async (t) => {
        const { run } = await trial(t);
        const { folder, tables: listed } = await run({ anonymize: "no", files: true, logs: true });
        const own = join(folder, "regular");
        const found = await entries(join(own, "recall-data.zip"));
        assert.deepEqual(Object.keys(found), [
            ...["data/info.csv", "data/participant.csv", "data/recruitment.csv", "experiment_id.md"],
        ]);
        assert.equal(found["data/info.csv"], tables.info);
        assert.deepEqual(listed, [
            { table: "participant", rows: 1 },
            { table: "info", rows: 2 },
            { table: "recruitment", rows: 0 },
        ]);
        const others = ["SHA256SUMS", "database.dump", "files.tar", "launch-started", "logs", "manifest.json"];
        assert.deepEqual(
            (await readdir(own)).toSorted(),
            [...others, "recall-data.zip", "release.json", "rows"].toSorted(),
        );
        assert.equal(await readFile(join(own, "logs/web.log"), "utf8"), "a line\n");
        assert.deepEqual(await readdir(folder), ["regular"]);
    });

    test("says what is in it, with sums that are right", async (t) => {
        const { run } = await trial(t);
        const { folder } = await run({ anonymize: "both" });
        const { tables: told, release, variant } = await json(join(folder, "regular/manifest.json"));
        const sha256 = createHash("sha256").update(tables.info).digest("hex");
        assert.deepEqual([told.info, release, variant], [{ rows: 2, sha256 }, record, "regular"]);
        for (const line of (await readFile(join(folder, "regular/SHA256SUMS"), "utf8")).trimEnd().split("\n")) {
            const [sum, file = ""] = line.split("  ");
            const content = await readFile(join(folder, "regular", file));
            assert.equal(createHash("sha256").update(content).digest("hex"), sum, file);
        }
    });

    test("says of its release nothing of who has brought it where it is made to be published", async (t) => {
        const { run } = await trial(t);
        const { folder } = await run();
        const { by, settings, ...rest } = record;
        assert.deepEqual((await json(join(folder, "anonymous/manifest.json"))).release, rest);
        assert.ok(by !== "" && Object.keys(settings).length > 0);
    });

    test("is for its owner alone", async (t) => {
        const { to, run } = await trial(t);
        const { folder } = await run({ anonymize: "no" });
        assert.equal((await stat(join(to, "recall"))).mode & 0o777, 0o700);
        assert.equal((await stat(join(folder, "regular/recall-data.zip"))).mode & 0o777, 0o600);
    });

    test("without who has taken part holds nothing of them, and what is NULL or empty as it was", async (t) => {
        const { run } = await trial(t);
        const { folder } = await run();
        assert.deepEqual(await readdir(folder), ["anonymous"]);
        assert.deepEqual((await readdir(join(folder, "anonymous"))).toSorted(), [
            "SHA256SUMS",
            "manifest.json",
            "recall-data.zip",
        ]);
        const found = await entries(join(folder, "anonymous/recall-data.zip"));
        assert.equal(found["data/participant.csv"], `${tables.participant.split("\n")[0]}\n1,1,1,1:1,hit 1\n`);
        assert.equal(found["data/info.csv"], 'id,contents,property1\n1,"I, ""[participant 1]"",\nagain",\n2,"",x\n');
    });

    test("names nobody who comes only behind an answer that names them", async (t) => {
        const { to, run } = await trial(t);
        const later = 'id,worker_id,details\n1,WORKER77,"{""partner"": ""LATER888""}"\n2,LATER888,{}\n';
        const own = "session_id\npractice\n";
        const { folder } = await run({ anonymize: "both" }, (text) =>
            text
                .replace(base64(tables.participant), base64(later))
                .replace(base64(tables.recruitment), base64(own))
                .replace(base64(tables.info), base64('id,contents\n1,"practice, ""LATER888"""\n2,x\n'))
                .replace(/(: rows\n)[^:]*/, `$1${base64("participant 2\ninfo 2\nrecruitment 1\n")}\n`),
        );
        const found = await entries(join(folder, "anonymous/recall-data.zip"));
        assert.match(found["data/participant.csv"] ?? "", /^1,1,"{""partner"": ""\[participant 2\]""}"$/m);
        assert.match(found["data/info.csv"] ?? "", /^1,"\[unknown 1\], ""\[participant 2\]"""$/m);
        assert.deepEqual(await readdir(to), ["recall"]);
        assert.deepEqual((await readdir(folder)).toSorted(), ["anonymous", "regular"]);
    });

    const broken: Readonly<Record<string, readonly [(text: string) => string, RegExp]>> = {
        "breaks off": [(text) => text.slice(0, text.indexOf(": table 3")), /ended too early/],
        "lacks its database's end": [(text) => text.replace(": complete\n", ""), /has not come to its end/],
        "lacks a table": [(text) => text.replace(/: table 2\n[^:]*/, ""), /the table info has not come/],
        "has fewer rows than the database": [
            (text) => text.replace(/(: rows\n)[^:]*/, `$1${base64("participant 1\ninfo 3\nrecruitment 0\n")}\n`),
            /of the table info 2 rows have come, and it has 3/,
        ],
        "has a table more than names": [
            (text) => text.replace(": table 4\n", ": table 4\nQUJD\n"),
            /a table without a name/,
        ],
        "has a name that is a path": [
            (text) => text.replace(/(: names\n)[^:]*/, `$1${base64("../../x\n")}\n`),
            /a table's name that is none/,
        ],
        "has a dump that failed": [
            (text) => text.replace(": dumped 0", ": dumped 1"),
            /could not be read on the server/,
        ],
        "has logs that failed": [
            (text) => text.replace(/: told 0\n: end/, ": told 1\n: end"),
            /could not be read on the server/,
        ],
        "is none": [() => "OCI runtime exec failed\n", /what is no export: OCI runtime/],
        "goes on behind its end": [(text) => `${text}: table 9\n`, /what is no export/],
        "holds what is no base64": [
            (text) => text.replace(": complete", "ERROR: no\n: complete"),
            /what is no export: ERROR/,
        ],
        "has a part of a later version": [(text) => text.replace(": end", ": redis\n: end"), /does not know: redis/],
    };
    for (const [what, [change, message]] of Object.entries(broken)) {
        test(`that ${what} is refused, and nothing of it is left`, async (t) => {
            const { to, run } = await trial(t);
            await assert.rejects(run({ anonymize: "both", files: true, logs: true }, change), message);
            assert.deepEqual(await readdir(join(to, "recall")), []);
        });
    }

    test("takes away what one has left that was killed, and not what another is writing", async (t) => {
        const { to, run } = await trial(t);
        const left = join(to, "recall/.incoming-4194300");
        const others = join(to, `recall/.incoming-${process.ppid}`);
        for (const folder of [left, others]) await mkdir(folder, { recursive: true });
        await writeFile(join(left, "participant.csv"), "id\n");
        await run();
        const found = (await readdir(join(to, "recall"))).filter((name) => name.startsWith("."));
        assert.deepEqual(found, [`.incoming-${process.ppid}`]);
    });

    test("without who has taken part is refused with files or logs, which can name anybody", async () => {
        const options = { anonymize: "yes", to: "exports", files: true, logs: true, json: false } as const;
        await assert.rejects(exportApp(undefined, options), /neither files nor logs.*leave --files and --logs out/);
    });
});
