import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Lab } from "./readLab.ts";

const outputs = z.object({
    url: z.string(),
    dashboardUrl: z.string(),
    dashboardUser: z.string(),
    recruitment: z.string(),
    logs: z.string(),
    server: z.object({ host: z.string(), caCertificate: z.string() }),
});

/** What a person needs after the demo is up, each command ready to be pasted into a new shell. */
export async function demoReport(
    stackOutputs: unknown,
    { name, stack, lab }: { name: string; stack: string; lab: Lab },
): Promise<string> {
    const { url, dashboardUrl, dashboardUser, recruitment, logs, server } = outputs.parse(stackOutputs);
    const certificate = join(dirname(lab.environment.DALLINGER_LAB ?? "."), "caddy-ca.pem");
    await writeFile(certificate, server.caCertificate);
    const resolve = `--cacert ${certificate} --resolve ${new URL(url).hostname}:443:${server.host}`;
    // The lab's ssh knows the server's host key; a person's own would have to be told it.
    const env = `eval "$(lab/lab env ${name})"`;
    return `
${url} is up.
${recruitment}

reach it      curl ${resolve} ${url}/
              (the name resolves only where there is internet; the certificate is of the server's own CA)
dashboard     ${dashboardUrl}  user ${dashboardUser}
  password    ./pulumi stack output dashboardPassword --show-secrets --stack ${stack}
logs          lab/lab ssh ${name} ${lab.servers[0]?.name} ${logs.slice(logs.indexOf("sudo"))}
update        edit examples/recall or stacks/Pulumi.${stack}.yaml, then
              ${env}; lab/lab run ${name} ./pulumi up --stack ${stack}
take it down  make demo-down
`;
}
