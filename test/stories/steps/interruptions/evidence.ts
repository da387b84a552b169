import type { TestServer } from "../../../support/testLab.ts";

/** What a server holds of an app, as text for a person who looks for the cause of a failure. */
export async function evidenceOf(server: TestServer, app: string): Promise<string> {
    const folder = `/srv/dallinger/apps/${app}`;
    const site = `/srv/dallinger/server/caddy/sites/${app}.caddy`;
    const looks = [
        "date -u +%H:%M:%S.%N; uptime -s; cat /etc/hostname",
        `ls -la --time-style=full-iso ${folder} ${folder}/releases ${folder}/log /srv/dallinger/server/caddy/sites`,
        `tail -n 20 ${folder}/releases/*/record.json`,
        `cat ${folder}/release-applied; cksum ${folder}/site.caddy ${site}; cat ${site}`,
        `tail -n 5 ${folder}/log/*.log`,
        "docker ps -a --no-trunc --format '{{.Names}} {{.Status}} {{.CreatedAt}} {{.Label \"dallinger.made-from\"}}'",
        "journalctl -q --no-pager -o short-precise -u ssh -u docker -n 150",
        "ps axf -o pid,lstart,args",
    ];
    const text = looks.map((look) => `echo '# ${look.replaceAll("'", `"`)}'\n${look}\n`).join("");
    return await server.shell(`exec 2>&1\n${text}true`);
}
