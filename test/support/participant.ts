import assert from "node:assert/strict";
import type { Answer, Site as AnySite, RequestOptions } from "./site.ts";

/** What of a site a participant needs. */
type Site = Pick<AnySite, "hostname" | "get" | "post">;

/** A participant of examples/recall who has read the words and not yet answered. */
export interface Participant {
    readonly id: number;
    readonly node: number;
    readonly words: readonly string[];
}

/** A participant who has been through to the end. */
export interface Finished extends Participant {
    readonly answer: string;
    readonly score: string;
}

/** Goes through the experiment as its README says, page by page. `write` makes an answer of the words that are shown. */
export async function takePart(
    site: Site,
    worker: string,
    write: (words: readonly string[]) => string,
): Promise<Finished> {
    const query = await readAd(site);
    for (const page of ["/consent", "/instructions"]) ok(await site.get(`${page}?${query}`));
    const begun = await begin(site, worker);
    const answer = write(begun.words);
    const score = await submit(site, begun.node, answer);
    await answerQuestionnaire(site, begun.id);
    await complete(site, begun.id);
    return { ...begun, answer, score };
}

/** From the consent to the words. */
export async function begin(site: Site, worker: string, options: RequestOptions = {}): Promise<Participant> {
    const form = { hitId: "H", assignmentId: `A-${worker}`, workerId: worker, recruiter: "hotair" };
    const { participant } = json(await site.post("/participant", form, options));
    ok(await site.get(`/trial?participant_id=${participant.id}`, options));
    const { node } = json(await site.post(`/node/${participant.id}`, {}, options));
    const { words } = json(await site.get(`/words/${node.id}`, options));
    return { id: participant.id, node: node.id, words };
}

/** Sends an answer. @returns how many words were right, once the answer is acknowledged. */
export async function submit(site: Site, node: number, answer: string, options: RequestOptions = {}): Promise<string> {
    const { info } = json(await site.post(`/info/${node}`, { contents: answer, info_type: "Info" }, options));
    return info.property1;
}

/** Finishes the task. */
export async function complete(site: Site, participant: number): Promise<void> {
    ok(await site.post("/worker_complete", { participant_id: String(participant) }));
    assert.match(ok(await site.get(`/recruiter-exit?participant_id=${participant}`)).body, /Thank you/);
}

async function readAd(site: Site): Promise<string> {
    const { status, headers } = await site.get("/ad?generate_tokens=1&recruiter=hotair");
    assert.equal(status, 302);
    const { hostname, pathname, search, searchParams } = new URL(headers.location ?? "", `https://${site.hostname}`);
    assert.equal(hostname, site.hostname);
    for (const name of ["hitId", "assignmentId", "workerId"]) assert.ok(searchParams.get(name), `/ad gives a ${name}`);
    ok(await site.get(`${pathname}${search}`));
    return search.slice(1);
}

async function answerQuestionnaire(site: Site, participant: number): Promise<void> {
    ok(await site.get(`/questionnaire?participant_id=${participant}`));
    const response = JSON.stringify({ difficulty: "3", strategy: "a story" });
    ok(await site.post(`/question/${participant}`, { question: "questionnaire", number: "1", response }));
}

function ok(answer: Answer): Answer {
    assert.equal(answer.status, 200, answer.body.slice(0, 300));
    return answer;
}

function json(answer: Answer) {
    return JSON.parse(ok(answer).body);
}
