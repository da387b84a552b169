import assert from "node:assert/strict";
import type { Answer, Site } from "../../../support/site.ts";
import { appStack, type Ground } from "./ground.ts";

/** The user and the password that the stack puts out open the dashboard, and others do not. */
export async function logsInToDashboard(site: Site, { operator }: Ground): Promise<void> {
    const outputs = await operator.stack(appStack).stack.outputs();
    const { dashboardUrl, dashboardUser, dashboardPassword } = outputs;
    assert.equal(dashboardPassword?.secret, true);
    const { pathname } = new URL(dashboardUrl?.value);
    const user = String(dashboardUser?.value);
    const password = String(dashboardPassword?.value);
    assert.notEqual((await open(site, pathname, await logIn(site, pathname, user, `${password}x`))).status, 200);
    const index = await open(site, pathname, await logIn(site, pathname, user, password));
    assert.equal(index.status, 200);
    assert.match(index.body, /recall_participants/);
    const basic = (pair: string) => ({ headers: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` } });
    assert.equal((await site.get(`${pathname}/index`, basic(`${user}:${password}`))).status, 200);
    assert.notEqual((await site.get(`${pathname}/index`, basic(`${user}:wrong`))).status, 200);
}

/** Sends the form of the dashboard. @returns the cookies after it. */
async function logIn(site: Site, pathname: string, username: string, password: string): Promise<string> {
    const form = await site.get(`${pathname}/login`);
    const [, token = ""] = /name="csrf_token"[^>]*value="([^"]+)"/.exec(form.body) ?? [];
    assert.notEqual(token, "");
    const headers = { Cookie: cookies(form), Referer: `https://${site.hostname}${pathname}/login` };
    const sent = await site.post(`${pathname}/login`, { username, password, csrf_token: token }, { headers });
    assert.equal(sent.status, 302, sent.body.slice(0, 300));
    return cookies(sent);
}

async function open(site: Site, pathname: string, cookie: string): Promise<Answer> {
    return await site.get(`${pathname}/index`, { headers: { Cookie: cookie } });
}

function cookies({ headers }: Answer): string {
    return (headers["set-cookie"] ?? []).map((cookie) => cookie.replace(/;.*/, "")).join("; ");
}
