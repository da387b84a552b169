import assert from "node:assert/strict";
import { AppOnServer } from "../../../support/appOnServer.ts";
import { launchPaths } from "../../../support/launchPaths.ts";
import { type Finished, takePart } from "../../../support/participant.ts";
import type { Site } from "../../../support/site.ts";
import { appStack, type Ground } from "./ground.ts";

/** A participant goes through the experiment, and what they wrote is in the database. */
export async function participate(site: Site, { server }: Ground): Promise<Finished> {
    // What a form, a database and a CSV file can each get wrong.
    const write = ([first = "", second = "", third = ""]: readonly string[]) =>
        `${first.toUpperCase()}; "${second}",\n${third} – and something like naïve 🎈 & 100%`;
    const finished = await takePart(site, "worker-1", write);
    assert.equal(finished.words.length, 12);
    assert.equal(finished.score, "3");
    await inDatabase(finished, new AppOnServer(server));
    const summary = JSON.parse((await site.get("/summary")).body);
    assert.deepEqual([summary.summary, summary.completed], [[["approved", 1]], false]);
    return finished;
}

/** What the participant has sent is there, as it was sent. */
export async function inDatabase({ id, node, words, answer, score }: Finished, app: AppOnServer): Promise<void> {
    assert.deepEqual(await app.query(`SELECT contents, property1 FROM info WHERE origin_id = ${node}`), [
        { contents: answer, property1: score },
    ]);
    assert.deepEqual(await app.query(`SELECT details FROM node WHERE id = ${node}`), [{ details: { words } }]);
    assert.deepEqual(await app.query(`SELECT status, bonus FROM participant WHERE id = ${id}`), [
        { status: "approved", bonus: 0.15 },
    ]);
    const [question] = await app.query(`SELECT response FROM question WHERE participant_id = ${id}`);
    assert.deepEqual(JSON.parse(String(question?.response)), { difficulty: "3", strategy: "a story" });
}

/** `up` did the launch, once, and its answer is an output. */
export async function launchedOnce(site: Site, { server, operator }: Ground): Promise<void> {
    assert.equal(await new AppOnServer(server).launches(), 1);
    const recruitment = await operator.stack(appStack).output("recruitment");
    assert.match(recruitment, new RegExp(`https://${site.hostname}/ad\\?`));
}

const claims: Readonly<Record<string, string>>[] = [
    {},
    { "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https" },
    {
        "X-Forwarded-Prefix": "/launch",
        "X-Original-URL": "/launch",
        "X-Rewrite-URL": "/launch",
        Forwarded: "for=127.0.0.1",
    },
];

/** However it is written, /launch answers 403 to everybody outside, and nothing is launched. */
export async function refusesLaunch(site: Site, { server }: Ground): Promise<void> {
    for (const path of launchPaths) {
        for (const method of ["GET", "POST", "PUT"]) {
            for (const headers of claims) {
                const { status } = await site.request(method, path, { headers });
                assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
            }
        }
    }
    // A harmless path with a header that names the other one stays harmless.
    await site.post("/robots.txt", {}, { headers: { "X-Original-URL": "/launch", "X-HTTP-Method-Override": "POST" } });
    // A web server that takes the first part off the path would be left with /launch.
    const plain = await site.post("/robots.txt/launch", {});
    assert.ok(plain.status >= 400);
    for (const name of ["SCRIPT_NAME", "Script-Name"]) {
        const { status } = await site.post("/robots.txt/launch", {}, { headers: { [name]: "/robots.txt" } });
        assert.equal(status, plain.status, name);
    }
    const app = new AppOnServer(server);
    assert.equal(await app.launches(), 1);
    assert.equal((await app.query("SELECT id FROM network")).length, 1);
}
