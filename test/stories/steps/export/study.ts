import { AppOnServer } from "../../../support/appOnServer.ts";
import type { TestServer } from "../../../support/testLab.ts";

/** How large the study is that is made through SQL. */
export const STUDY = { participants: 10_000, answers: 100_000 };

/** By which each participant is known: nothing of these shapes, and none of these texts, may be in what is anonymous. */
export const SHAPES = {
    worker: /(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/,
    assignment: /ASSIGNMENT[0-9A-F]{16}/i,
    hit: /HIT[0-9A-F]{32}/i,
    address: /10\.\d+\.\d+\.\d+/,
    browser: /Mozilla|AppleWebKit|Firefox/,
};

const made =
    "SELECT n, left(md5('worker' || n), 24) AS worker, 'ASSIGNMENT' || upper(left(md5('assignment' || n), 16)) AS assignment, '10.' || n % 250 || '.' || n / 250 || '.7' AS address";
const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/** Participants with ten answers each, who say who they are wherever they can. Nobody else gets into their network. */
const statements = `
BEGIN;
INSERT INTO network (creation_time, failed, type, max_size, "full", role) VALUES (now(), false, 'network', 100000, true, 'made');
CREATE TEMPORARY TABLE made AS ${made} FROM generate_series(1, ${STUDY.participants}) AS n;
INSERT INTO participant (creation_time, failed, type, recruiter_id, worker_id, assignment_id, unique_id, hit_id, mode, status, entry_information, details)
    SELECT now(), false, 'participant', 'hotair', worker, assignment, worker || ':' || assignment, 'HIT' || upper(md5('hit')), 'live', 'approved',
        jsonb_build_object('PROLIFIC_PID', worker, 'SESSION_ID', assignment),
        jsonb_build_object('client', jsonb_build_object('user_agent', '${browser}', 'ip_address', address), 'seen', 'from ' || address || ' by ${browser}')
    FROM made ORDER BY n;
INSERT INTO node (creation_time, failed, type, network_id, participant_id, details)
    SELECT now(), false, 'node', (SELECT max(id) FROM network), participant.id, jsonb_build_object('workerId', worker_id) FROM participant JOIN made ON worker = worker_id;
INSERT INTO info (creation_time, failed, type, origin_id, network_id, contents, complete)
    SELECT now(), false, 'info', node.id, node.network_id, 'answer ' || k || E' of "' || worker_id || E'",\nsent from ' || address, true
    FROM node JOIN participant ON participant.id = participant_id JOIN made ON worker = worker_id CROSS JOIN generate_series(1, 9) AS k;
INSERT INTO question (creation_time, failed, type, participant_id, number, question, response)
    SELECT now(), false, 'question', participant.id, 1, 'questionnaire', '{"id": "' || upper(worker_id) || '", "hit": "' || hit_id || '", "age": 31}' FROM participant JOIN made ON worker = worker_id;
INSERT INTO notification (creation_time, failed, assignment_id, event_type) SELECT now(), false, assignment, 'AssignmentSubmitted' FROM made;
COMMIT;
`;

const psql = "docker exec -i -u nobody dlgr-server-postgres psql -X -q -v ON_ERROR_STOP=1 -d app_recall -U app_recall";

/** Puts the study into the app's database. */
export async function makeStudy(server: TestServer): Promise<void> {
    await server.shell(psql, statements);
}

/** Writes on, an answer and a notification in each transaction, until that is disposed. */
export async function writing(server: TestServer): Promise<AsyncDisposable> {
    const pair =
        "BEGIN; INSERT INTO info (creation_time, failed, type, contents) VALUES (now(), false, 'paired', 'x'); INSERT INTO notification (creation_time, failed, assignment_id, event_type) VALUES (now(), false, 'ASSIGNMENT0123456789ABCDEF', 'paired'); COMMIT;";
    const loop = `while [ ! -e /tmp/written ]; do echo "${pair}"; sleep 0.02; done | ${psql}`;
    await server.shell(`rm -f /tmp/written; nohup setsid sh -c '${loop.replaceAll("'", "'\\''")}' >/dev/null 2>&1 &`);
    return { [Symbol.asyncDispose]: async () => void (await server.shell("touch /tmp/written; sleep 1")) };
}

/** How many such pairs there are. */
export async function pairs(server: TestServer): Promise<number> {
    const [found] = await new AppOnServer(server).query("SELECT count(*) FROM info WHERE type = 'paired'");
    return Number(found?.count);
}
