import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { TestServer } from "../../../support/testLab.ts";
import type { TestStack } from "../../../support/testStack.ts";
import type { Secret } from "./secretForms.ts";

/** A value as awkward as passwords are: every encoding changes it in many places. */
export function awkwardSecret(): string {
    const special = ['"', "&", " ", "/", "$w", "'", "\\", "<", "%", "+", "#", "{z"];
    const letters = randomBytes(3 * special.length).toString("hex");
    return special.map((text, index) => `${letters.slice(6 * index, 6 * index + 6)}${text}`).join("");
}

/** An OpenSSH private key, by the lines of its body. The first one is the same in every key of its kind, and the last short. */
export function keySecrets(name: string, pem: string): Secret[] {
    const body = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
    const lines = body.slice(1).filter((line) => line.length > 20);
    return lines.map((value, index) => ({ name: `${name}, line ${index + 2}`, value }));
}

const shown = z.object({ plaintext: z.string() });
const deployment = z.object({
    resources: z.array(
        z.object({ type: z.string(), urn: z.string(), outputs: z.record(z.string(), z.unknown()).optional() }),
    ),
});

/** What Pulumi has made for a stack and keeps as secrets in its state. */
export async function generatedSecrets(stack: TestStack): Promise<Secret[]> {
    const { deployment: state } = await stack.stack.exportStack();
    const { resources } = deployment.parse(state);
    const passwords = resources.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
    return passwords.map(({ urn, outputs }) => ({
        name: urn.slice(urn.lastIndexOf("::") + 2),
        value: z.string().parse(JSON.parse(shown.parse(outputs?.result).plaintext)),
    }));
}

/** What the server has made for itself. */
export async function serverSecrets(server: TestServer): Promise<Secret[]> {
    const caKey = "docker exec dlgr-server-caddy cat /data/caddy/pki/authorities/local/root.key";
    return [
        {
            name: "the superuser's password of PostgreSQL",
            value: await server.run("cat", "/srv/dallinger/server/postgres/password"),
        },
        ...keySecrets("the key of Caddy's CA", await server.shell(caKey)),
    ];
}
