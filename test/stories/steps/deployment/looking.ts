import assert from "node:assert/strict";
import { countConnections } from "../../../support/connections.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import type { Site } from "../../../support/site.ts";
import { appStack, type Ground } from "./ground.ts";

/** All that is known of the app is told by one connection; what an app has logged is shown without what is secret. */
export async function tellsAll(site: Site, { server, operator }: Ground): Promise<void> {
    const look = async (...args: string[]) => await dallinger(operator, appStack, ...args);
    const connections = await countConnections(server, async () => {
        const { exitCode, stdout, stderr } = await look("status", "--json");
        assert.equal(exitCode, 0, stdout + stderr);
        const { state, participants, certificates, launched, problems, lastAnswer } = JSON.parse(stdout);
        assert.deepEqual([state, participants, launched, problems], ["running", { approved: 1 }, true, []]);
        assert.match(lastAnswer, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.equal(certificates[0].host, site.hostname);
        assert.match(certificates[0].certificate.issuer, /^Caddy Local Authority/);
    });
    assert.equal(connections, 1);
    const timings: { command: string; step: string; seconds: number }[] = JSON.parse(
        (await look("timings", "--json")).stdout,
    );
    assert.deepEqual([...new Set(timings.map(({ command }) => command))], ["database", "release", "site", "launch"]);
    assert.ok(
        timings.every(({ seconds }) => seconds >= 0) &&
            timings.some(({ step, seconds }) => step === "creating the tables" && seconds > 0),
    );
    const password = await operator.stack(appStack).output("dashboardPassword");
    assert.equal(password.length, 20);
    await server.shell(`docker exec dlgr-app-recall-web-1 sh -c 'echo the password is ${password} >/proc/1/fd/1'`);
    const { stdout } = await look("logs", "web", "--since", "5m", "--grep", "the password is");
    assert.match(stdout, /^\S+Z web-1 \| the password is \[secret\]$/);
}
