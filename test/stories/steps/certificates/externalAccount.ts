import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import type { BareGround } from "./ground.ts";

/** The files on the server that hold the key of an account, as `mode owner` of each; nobody can see it elsewhere, nor in the state. */
export async function findMacKey({ server, stack, operator }: BareGround, macKey: string): Promise<string[]> {
    assert.ok(!stack.printed.includes(macKey));
    const here = [stack.backend, join(operator.folder, "stacks")];
    // The pattern comes by standard input: an argument would be found as well. grep ends with 1 where it finds nothing.
    const { exitCode, stdout } = await execa("grep", ["-rlF", "-f", "-", ...here], { input: macKey, reject: false });
    assert.deepEqual([exitCode, stdout], [1, ""]);
    const caddy = "dlgr-server-caddy";
    const adapted = `docker exec ${caddy} caddy adapt --config /etc/caddy/Caddyfile`;
    const seen = await server.shell(`docker logs ${caddy} 2>&1; ${adapted}; docker inspect ${caddy}; ps axww`);
    assert.ok(seen.includes("external_account"));
    assert.ok(!seen.includes(macKey));
    // Caddy keeps the configuration that it runs with in a volume.
    const places = "/srv/dallinger /var/lib/docker/volumes /etc /home /root /run /tmp /var/log /var/tmp";
    const found = await server.shell(`grep -rslF -f - ${places} | xargs -r stat -c '%a %U'`, macKey);
    return found.split("\n").filter(Boolean);
}
