import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { AnonymousTable, type Row } from "../../../../ops/export/anonymousTable.ts";
import { hideAddresses, hideBrowsers } from "../../../../ops/export/hideTraces.ts";
import { Identities } from "../../../../ops/export/identities.ts";
import { type Rewrite, rewriteJson } from "../../../../ops/export/jsonTexts.ts";

const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
const columns = [
    "id",
    "worker_id",
    "assignment_id",
    "unique_id",
    "hit_id",
    "client_ip_address",
    "entry_information",
    "details",
];

/** Two participants, whom the tables after that are about. */
function participants() {
    const identities = new Identities();
    const table = new AnonymousTable("participant", columns, identities);
    const row = (id: string, worker: string, assignment: string) => [
        ...[id, worker, assignment, `${worker}:${assignment}`, "3HIT9Q", "203.0.113.77"],
        ...[
            `{"PROLIFIC_PID": "${worker}", "SESSION_ID": "sess-${id}-77"}`,
            `{"client": "${browser}", "n": 12345678901234567890}`,
        ],
    ];
    const rows = written(table, [row("1", "A1WORKER7", "3ASSIGN1"), row("2", "A2WORKER8", "3ASSIGN2")]);
    identities.add("jörg-k42", { column: "3", text: "participant 3" });
    return { identities, rows };
}

/** As an export does: all rows are known before the first is written. */
function written(table: AnonymousTable, rows: readonly Row[]): Row[] {
    for (const row of rows) table.learn(row);
    return rows.map((row) => table.row(row));
}

suite("an anonymous table", () => {
    test("has participants by their ids, as Dallinger's own export, and nothing of who they are", () => {
        assert.deepEqual(participants().rows, [
            ["1", "1", "1", "1:1", "hit 1", null, "{}", '{"client": "[browser]", "n": 12345678901234567890}'],
            ["2", "2", "2", "2:2", "hit 1", null, "{}", '{"client": "[browser]", "n": 12345678901234567890}'],
        ]);
    });

    test("knows them again in every other table", () => {
        const { identities } = participants();
        const table = new AnonymousTable("notification", ["id", "assignment_id", "event_type"], identities);
        assert.deepEqual(
            ["3ASSIGN2", "3NOBODY", "3NOBODY", "3OTHER"].map(
                (assignment) => table.row(["9", assignment, "AssignmentAccepted"])[1],
            ),
            ["2", "unknown 1", "unknown 1", "unknown 2"],
        );
    });

    const answers: readonly (readonly [string, string])[] = [
        ["my id is A1WORKER7!", "my id is [participant 1]!"],
        ["sess-2-77", "[participant 2]"],
        ['{"worker_id": "x", "age": 31}', '{"worker_id": null, "age": 31}'],
        ['{"rt": NaN, "session_id": "s", "age": 31}', '{"rt": NaN, "session_id": null, "age": 31}'],
        [
            '{"worker_id": ["x", 7], "user_agent": {"model": "SM"}}',
            '{"worker_id": [null, null], "user_agent": {"[hidden]": null}}',
        ],
        ["/ad?assignmentId=3ASSIGN2&back=sess-1-77%2Fx", "/ad?assignmentId=[participant 2]&back=[participant 1]%2Fx"],
        [`\\x${Buffer.from("by A1WORKER7").toString("hex")}`, "\\x"],
        [`\\x${Buffer.from("by nobody").toString("hex")}`, `\\x${Buffer.from("by nobody").toString("hex")}`],
        ['{"page": {"userAgent":"x","clicks":[1.50, 2e3]}}', '{"page": {"userAgent":null,"clicks":[1.50, 2e3]}}'],
        ['{"said": "I am \\u0041\\u0031WORKER7"}', '{"said": "I am [participant 1]"}'],
        ['{"A1WORKER7": true}', '{"[participant 1]": true}'],
        ['["a", "3HIT9Q"]', '["a", "[hit 1]"]'],
        [
            JSON.stringify({ inside: '{"ip": "10.0.0.9", "ok": "yes"}' }),
            JSON.stringify({ inside: '{"ip": null, "ok": "yes"}' }),
        ],
        ["from 203.0.113.77 and 2001:db8::7, at 12:34:56", "from [hidden] and [address], at 12:34:56"],
        ["write to anna@lab.example", "write to [e-mail]"],
        ["version 1.2.3, 1.2.3.4.5", "version 1.2.3, 1.2.3.4.5"],
        ["{not json A1WORKER7", "{not json [participant 1]"],
        [`\\x${Buffer.from("by jörg-k42").toString("hex")}`, "\\x"],
        [`\\x80${Buffer.from(`\u0008${browser}`).toString("hex")}94`, "\\x"],
        [`\\x80${Buffer.from("\u000810.20.30.40").toString("hex")}94`, "\\x"],
        [`{"\\\\x${Buffer.from("A1WORKER7").toString("hex")}"}`, '{"\\\\x"}'],
        ["peer 2001:db8::7: reset, ip:2001:db8::8", "peer [address]: reset, ip:[address]"],
        ["std::vector<a> at 12:34:56: Foo::bar", "std::vector<a> at 12:34:56: Foo::bar"],
        ['"worker_id"=>"NOBODY77", "age"=>"31"', '"worker_id"=>"[hidden]", "age"=>"31"'],
        ['{"{\\"worker_id\\": \\"NOBODY77\\"}"}', '{"{\\"worker_id\\": \\"[hidden]\\"}"}'],
        ["{'assignmentId': 'NOBODY77', 'n': 7}", "{'assignmentId': '[hidden]', 'n': 7}"],
        ['"phone_number"=>"+49 170 1234567", "n"=>"7"', '"phone_number"=>"[hidden]", "n"=>"7"'],
        ['said: "it was worker_id=NOBODY77", a=hitId=NOBODY88', 'said: "it was worker_id=[hidden]", a=hitId=[hidden]'],
        ["unique_id=NOBODY77:ASSIGN99&n=7", "unique_id=[hidden]&n=7"],
        ["{'worker_id': 'José', 'n': 7}", "{'worker_id': '[hidden]', 'n': 7}"],
        ['"worker_id"=>"o\'neill77"', '"worker_id"=>"[hidden]"'],
        ["josé.garcía@uni.example, o'neill@uni.example.", "[e-mail], [e-mail]."],
        ['{"excluded_worker_ids": ["NOBODY77"], "n": 7}', '{"excluded_worker_ids": [null], "n": 7}'],
    ];
    for (const [answer, expected] of answers) {
        test(`makes ${expected} of ${answer}`, () => {
            const { identities } = participants();
            const table = new AnonymousTable("info", ["id", "contents"], identities);
            assert.deepEqual(table.row(["5", answer]), ["5", expected]);
        });
    }

    test("is quick with an answer that is made to take long", { timeout: 30_000 }, () => {
        const { identities } = participants();
        const table = new AnonymousTable("info", ["contents"], identities);
        const deep = `${"[".repeat(100_000)}${"7,".repeat(100_000)}7${"]".repeat(100_000)}`;
        const deepKeys = `${'{"a":'.repeat(100_000)}7${"}".repeat(100_000)}`;
        for (const same of [deep, deepKeys, "::".repeat(300_000), "session-id ".repeat(100_000)])
            assert.ok(table.row([same])[0] === same, same.slice(0, 20));
        for (const long of [
            `Mozilla/5.0 (${"x".repeat(4_000_000)}`,
            `Mozilla/5.0 ${"(x) ".repeat(600_000)}`,
            `Mozilla/5.0 ${"a/b ".repeat(600_000)}`,
            `\\x${Buffer.from(`A1WORKER7${"x".repeat(4_000_000)}`).toString("hex")}`,
        ])
            assert.ok(!/Mozilla|4131574f524b455237/.test(table.row([long])[0] ?? "Mozilla"), long.slice(0, 20));
    });

    test("takes browsers out whole, whatever somebody is called who takes part", () => {
        const identities = new Identities();
        const table = new AnonymousTable("participant", ["id", "worker_id"], identities);
        for (const worker of ["Mozilla", "AppleWebKit", "lab.example"]) table.learn(["1", worker]);
        const answers = new AnonymousTable("info", ["contents"], identities);
        assert.deepEqual(answers.row([`${browser}, anna@lab.example`]), ["[browser], [e-mail]"]);
    });

    test("knows participants whose ids are addresses of theirs, in letters of any language", () => {
        const identities = new Identities();
        const table = new AnonymousTable("participant", ["id", "worker_id"], identities);
        const workers = ["josé.garcía@uni.example", "Hans Müller <hm@uni.example>", "o'neill@tcd.example"];
        for (const worker of workers) table.learn(["1", worker]);
        const answers = new AnonymousTable("info", ["contents"], identities);
        for (const worker of workers) assert.deepEqual(answers.row([`by ${worker}!`]), ["by [participant 1]!"]);
    });

    test("takes an answer of many megabytes, such as a recording", () => {
        const { identities } = participants();
        const table = new AnonymousTable("info", ["id", "contents"], identities);
        const recording = "UklGR".repeat(3_000_000);
        const row = table.row(["5", JSON.stringify({ audio: recording, by: 'A1WORKER7 "\\"' })]);
        assert.equal(row[1], JSON.stringify({ audio: recording, by: '[participant 1] "\\"' }));
    });

    test("keeps times and Dallinger's own words, whatever somebody is called who takes part", () => {
        const identities = new Identities();
        const header = ["id", "creation_time", "status", "worker_id", "assignment_id", "details"];
        const table = new AnonymousTable("participant", header, identities);
        table.learn(["1", "2026-03-01 12:00:00.5", "working", "2026-03", "workin", "{}"]);
        const inner = JSON.stringify('{"at": "2026-03-02T12:00:00Z"}');
        const details = `{"at": "2026-03-01T12:00:00.123Z", "said": "in 2026-03", "inner": ${inner}}`;
        const hidden = `{"at": "2026-03-01T12:00:00.123Z", "said": "in [participant 1]", "inner": ${inner}}`;
        const [row = []] = written(table, [["2", "2026-03-01 12:00:00.5", "working", "x", "y", details]]);
        assert.deepEqual(row, ["2", "2026-03-01 12:00:00.5", "working", "2", "2", hidden]);
        assert.ok(!table.stillTells(row));
        for (const told of ["workin", '{"said": "workin"}', JSON.stringify({ inner: '{"said": "workin"}' })])
            assert.ok(table.stillTells([...row.slice(0, 5), told]), told);
    });

    test("knows participants also as addresses have their ids", () => {
        const identities = new Identities();
        const table = new AnonymousTable("participant", ["id", "worker_id"], identities);
        table.learn(["1", "jane@uni.example"]);
        const answers = new AnonymousTable("question", ["response"], identities);
        assert.deepEqual(answers.row(["/ad?workerId=Jane%40uni.example"]), ["/ad?workerId=[participant 1]"]);
    });

    test("leaves NULL and empty texts what they are", () => {
        const { identities } = participants();
        const table = new AnonymousTable("anything", ["worker_id", "contents", "user_agent"], identities);
        assert.deepEqual(table.row([null, "", null]), [null, "", null]);
        assert.deepEqual(table.row(["", null, browser]), ["", null, null]);
    });
});

test("what browsers, phones and programs call themselves is taken out of a text", () => {
    for (const agent of [
        browser,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone12,1;FBCR/Telekom]",
        "Mozilla/5.0 (Linux; Android 10; SM-A505F Build/QP1A.190711(020)) Chrome/83 Safari/537.36 Instagram 142.0.0.22.109 Android (29/10; SM-A505F; de_DE)",
        "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18",
        "Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko",
        "5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0",
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 [LinkedInApp]/9.1",
        "Mozilla/5.0 (Linux) Chrome/83 musical_ly_28.1.0 JsSdk/1.0 NetType/WIFI Channel/App Store ByteLocale/de",
        "Mozilla%2F5.0%20(X11%3B%20Linux%20x86_64)%20AppleWebKit%2F537.36",
        "Mozilla%2F5.0+%28X11%3B+Linux%29+Gecko%2F20100101",
    ])
        assert.equal(hideBrowsers(`seen "${agent}".`), 'seen "[browser]".');
    assert.equal(hideBrowsers("Mozilla/5.0 (X11; Linux x86"), "[browser]");
    assert.equal(hideAddresses("::1 and [fe80::1]:80, at ::"), "[address] and [[address]]:80, at ::");
});

test("JSON that nothing is to be changed in stays as it was written, byte for byte", () => {
    fc.assert(
        fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 2), (json, indent) => {
            const written = JSON.stringify(JSON.parse(json), null, indent);
            const rewritten = rewriteJson(written, (value) => value);
            if (/^\s*["[{]/.test(written)) assert.equal(rewritten, written);
            else assert.equal(rewritten, undefined);
        }),
    );
});

test("JSON with other texts is what it was but for them", () => {
    fc.assert(
        fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
            const json = JSON.stringify([value]);
            const hide: Rewrite = (text, { isMarked }) => (isMarked ? undefined : text);
            const rewritten = rewriteJson(json, hide, (key) => key === "x");
            assert.deepEqual(JSON.parse(rewritten ?? "null"), withoutX(JSON.parse(json), false));
        }),
        { examples: [[{ x: [{ a: 1 }, ["b"], true], y: { x: { x: "c" } } }]] },
    );
});

/** A value of JSON in which nothing is left of texts and numbers below a key `x`. */
function withoutX(value: unknown, below: boolean): unknown {
    if (Array.isArray(value)) return value.map((each) => withoutX(each, below));
    if (typeof value === "object" && value !== null)
        return Object.fromEntries(
            Object.entries(value).map(([key, each]) => [
                below ? "[hidden]" : key,
                withoutX(each, below || key === "x"),
            ]),
        );
    return below && (typeof value === "string" || typeof value === "number") ? null : value;
}

test("JSON of Python's, which has numbers that are none, is read as such, and written as it was", () => {
    const python = '{"rt": NaN, "limits": [-Infinity, Infinity], "said": "NaN Infinity"}';
    assert.equal(
        rewriteJson(python, (value) => value),
        python,
    );
    for (const wrong of ["[NaN", "{NaN: 1}", "[Infinityx]"])
        assert.equal(
            rewriteJson(wrong, (value) => value),
            undefined,
        );
});
