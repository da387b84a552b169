import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration } from "../../../ops/duration.ts";
import { expectedApp } from "../../../ops/expectedApp.ts";
import type { AppStatus } from "../../../ops/status/appStatus.ts";
import type { Certificate } from "../../../ops/status/certificates.ts";
import { readInspected } from "../../../ops/status/inspected.ts";
import { readCounts, readSummary } from "../../../ops/status/participants.ts";
import { problemsOf } from "../../../ops/status/problems.ts";
import { renderStatus } from "../../../ops/status/report.ts";

const now = new Date("2026-03-01T00:00:00Z");
const well: AppStatus = {
    ...{ name: "recall", state: "running", atWork: false, hosts: ["recall.example"], launched: true, memory: 1 },
    ...{ containers: [], participants: {}, lastAnswer: null },
};
const certificate: Certificate = {
    ...{ issuer: "R3", from: "2026-01-01T00:00:00Z", until: "2026-04-01T00:00:00Z", kind: "renewed" },
};
const endsAt = (until: string, kind: Certificate["kind"] = "renewed"): Partial<AppStatus> => ({
    certificates: [{ host: "recall.example", certificate: { ...certificate, until, kind } }],
});

const found: Readonly<Record<string, readonly [Partial<AppStatus>, ...RegExp[]]>> = {
    "nothing where all is well": [{}],
    "nothing of one that is renewed in time": [endsAt("2026-04-01T00:00:00Z")],
    "nothing of one that counts for some hours": [
        {
            certificates: [
                {
                    host: "recall.example",
                    certificate: { ...certificate, from: "2026-02-28T18:00:00Z", until: "2026-03-01T06:00:00Z" },
                },
            ],
        },
    ],
    "a certificate that was not renewed": [
        endsAt("2026-03-10T00:00:00Z"),
        /recall\.example ends in 9 days: Caddy should/,
    ],
    "a certificate that the stack has to bring again": [
        endsAt("2026-03-25T00:00:00Z", "brought"),
        /recall\.example ends in 24 days: bring another/,
    ],
    "a certificate that has ended": [endsAt("2026-03-01T00:00:00Z"), /recall\.example has ended/],
    "a host name without one": [{ certificates: [{ host: "recall.example" }] }, /none of recall\.example was found/],
    "a disk that fills": [{ disks: [{ mountedOn: "/", size: 100, free: 9 }] }, /^disk: 9 B are free on \/, and 10 B/],
    "an app that does not run": [{ state: "stopped", participants: "unknown" }, /^state: it is stopped$/],
    "a web that does not tell": [{ participants: "unknown" }, /^participants: /],
    "a launch whose answer was lost": [{ launched: "unknown" }, /^launch: its answer was lost/],
    "a launch that was not": [{ launched: false }, /^launch: it is not launched yet/],
    "what differs": [{ differences: ["web: 0 of 1"] }, /^web: 0 of 1$/],
};

for (const [what, [changes, ...expected]] of Object.entries(found)) {
    test(`what is not as it should be is ${what}`, () => {
        const problems = problemsOf({ ...well, ...changes }, { now, freeSpace: 10 });
        assert.equal(problems.length, expected.length, `${problems}`);
        for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
    });
}

test("what is not known is never told as nothing", () => {
    const text = renderStatus({ ...well, participants: "unknown", lastAnswer: undefined }, [], now).join("\n");
    assert.match(text, /^participants +nobody could tell how many; when one has last answered is not known$/m);
    assert.match(renderStatus(well, [], now).join("\n"), /^participants +none; none has answered yet$/m);
    const unread = {
        ...well,
        certificates: [{ host: "recall.example" }],
        backups: [{ name: "20260228T220000Z", fetched: true, offServer: false }],
    };
    assert.match(renderStatus(unread, [], now).join("\n"), /recall\.example +not found/);
    assert.match(
        renderStatus(unread, [], now).join("\n"),
        /^backups +1, the latest 20260228T220000Z \(2 hours old\); 0 only on/m,
    );
});

test("backups in a repository are told with the age of the latest one, and are not on the server alone", () => {
    const backups = [
        { name: "20260301T110000Z", fetched: false, offServer: false },
        { name: "20260301T100000Z", fetched: false, offServer: true },
        { name: "20260228T100000Z", fetched: true, offServer: true },
    ];
    assert.match(
        renderStatus({ ...well, backups }, [], new Date("2026-03-01T12:00:00Z")).join("\n"),
        /^backups +3, the latest 20260301T110000Z \(60 minutes old\); 1 only on the server; 2 in the repository, the latest 2 hours old$/m,
    );
});

test("participants are counted by what Dallinger says of them, and by nothing else", () => {
    assert.deepEqual(readSummary('[["approved", 3], ["overrecruited", 0]]'), { approved: 3 });
    for (const other of [
        "",
        "null",
        "3",
        "{}",
        '[["approved"]]',
        '[["approved", -1]]',
        '[["a\\nb", 1]]',
        '[["A b", 1]]',
    ])
        assert.equal(readSummary(other), undefined, other);
    fc.assert(
        fc.property(fc.array(fc.string()), (lines) => {
            assert.equal(readCounts([...lines, "no end"]), undefined);
        }),
    );
});

test("how long something is, is told in the largest unit of which there are two", () => {
    const told = [0, 1, 119, 120, 7199, 7200, 172_799, 172_800].map(formatDuration);
    assert.deepEqual(told, [
        ...["0 seconds", "1 second", "119 seconds", "2 minutes", "119 minutes", "2 hours", "47 hours", "2 days"],
    ]);
});

test("a stack that was never brought up expects no release", () => {
    assert.deepEqual(expectedApp({ deployment: null }), { release: "none", site: "", schedule: "none" });
    const urn = "urn:pulumi:lab1::dallinger::pulumi:pulumi:Stack::dallinger-lab1";
    const exported = { deployment: { resources: [{ urn, outputs: { release: "0123456789ab" } }] } };
    assert.deepEqual(expectedApp(exported), { release: "0123456789ab", site: "", schedule: "none" });
});

test("containers of this machine are told as those of a server", () => {
    const inspected = [
        {
            ...{
                Name: "/recall-a1b2c3-web-1",
                RestartCount: 2,
                Config: { Labels: { "com.docker.compose.service": "web" } },
            },
            State: { Status: "running", StartedAt: "2026-01-02T03:04:05.6789Z", Health: { Status: "healthy" } },
        },
        {
            Name: "/recall-a1b2c3-clock-1",
            RestartCount: 0,
            Config: { Labels: {} },
            State: { Status: "exited", StartedAt: "2026-01-02T03:04:05Z" },
        },
    ];
    const [clock, web] = readInspected(JSON.stringify(inspected), new Map([["recall-a1b2c3-web-1", 7]]));
    assert.deepEqual(web, {
        ...{ name: "recall-a1b2c3-web-1", service: "web", state: "running", health: "healthy", restarts: 2, memory: 7 },
        since: "2026-01-02T03:04:05Z",
    });
    assert.deepEqual([clock?.state, clock?.health, clock?.memory], ["exited", "none", undefined]);
});
