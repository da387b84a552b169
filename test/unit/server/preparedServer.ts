import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { renderPayload } from "../../../components/remote/payload.ts";
import { resolveServer } from "../../../components/server/serverSpec.ts";
import { servicesFiles } from "../../../components/server/servicesFiles.ts";
import { placeScripts, serverFolder } from "../serverScripts.ts";

/**
 * A docker whose images have PostgreSQL's version in their tags. One with `missing` in its name is nowhere, one with `sick` never
 * gets healthy, one with `deadly` kills whoever starts it, and Caddy takes no key with `wrong` in it. `running` is the compose file
 * that was started last, `loaded` the certificate and the Caddyfile that Caddy has.
 */
const docker = `#!/bin/sh
echo "$*" >>"$MACHINE/calls"
case $* in
"compose version --short") echo 2.30.0 ;;
*" config -q") ;;
"compose "*" up "*)
    ! grep -q deadly "$SERVER/compose.yaml" || { kill -9 "$PPID"; exit 1; }
    cp "$SERVER/compose.yaml" "$MACHINE/running"
    ! grep -q sick "$SERVER/compose.yaml"
    ;;
"image inspect --format {{range .Config.Env}}"*) for last; do :; done; echo "PG_MAJOR=\${last##*:}" ;;
"image inspect "*missing*) exit 1 ;;
"pull "*) exit 1 ;;
"run "*" validate "*)
    folder=$(echo "$*" | sed 's|.* -v \\([^ ]*\\):/etc/caddy:ro .*|\\1|')
    ! grep -q wrong "$folder/tls/key.pem" 2>/dev/null || { echo "private key does not match"; exit 1; }
    ;;
"exec "*" caddy reload"*)
    case $* in *--force*) forced=yes ;; *) forced= ;; esac
    if [ -n "$forced" ] || ! cmp -s "$SERVER/caddy/Caddyfile" "$MACHINE/caddyfile"; then
        cp "$SERVER/caddy/Caddyfile" "$MACHINE/caddyfile"
        cp "$SERVER/caddy/tls/certificate.pem" "$MACHINE/loaded" 2>/dev/null || :
    fi
    ;;
"volume ls"*) ls "$MACHINE/volumes" ;;
"inspect "*) exit 1 ;;
"volume inspect"*) for last; do :; done; echo "$MACHINE/volumes/$last" ;;
esac
`;

/** What of a server's configuration these tests change. */
export interface Wanted {
    readonly postgres?: string;
    readonly caddy?: string;
    readonly certificate?: string;
    readonly key?: string;
    readonly mended?: string;
}

/** The payload of services.sh. */
export function payloadOf({
    postgres = "postgres:17",
    caddy = "caddy:2",
    certificate,
    key,
    mended = "",
}: Wanted): string {
    const images = { postgres, caddy, redis: "redis:8", pgbouncer: "pgbouncer:1" };
    const tls = certificate === undefined ? { mode: "acme" as const, email: "it@lab.example" } : customTls(certificate);
    const spec = resolveServer({ id: "the-id", host: "203.0.113.7", hostKey: "ssh-ed25519 AAAA", images, tls, mended });
    return renderPayload(servicesFiles(spec, key));
}

function customTls(certificate: string) {
    return { mode: "custom" as const, certificate };
}

/** A claimed server on which services.sh can be run, with a docker of the test's. */
export async function claimedServer() {
    const { root, ...disposable } = await serverFolder();
    const server = join(root, "server");
    const machine = join(root, "machine");
    await rm(join(server, "layout.json"));
    const shared = ["messages.sh", "server.sh", "receive.sh", "group.sh", "differences.sh"].map(
        (file) => `shared/${file}`,
    );
    const own = ["engine.sh", "former.sh", "volume.sh", "candidate.sh", "services.sh", "check.sh"].map(
        (file) => `server/${file}`,
    );
    await placeScripts(root, join(server, "bin"), ...shared, ...own);
    await mkdir(join(machine, "volumes"), { recursive: true });
    await mkdir(join(server, "postgres"));
    await writeFile(join(server, "postgres/password"), "nobody knows it");
    await writeFile(join(server, "id"), "the-id");
    await writeFile(join(machine, "docker"), docker, { mode: 0o700 });
    await writeFile(join(machine, "sleep"), "#!/bin/sh\n", { mode: 0o700 });
    const env = { PATH: `${machine}:${process.env.PATH}`, MACHINE: machine, SERVER: server };
    const run = async (script: string, args: readonly string[], input = "") => {
        const { exitCode, stdout, stderr } = await execa(join(server, "bin", script), args, {
            env,
            input,
            reject: false,
        });
        return { exitCode, stdout, stderr };
    };
    return {
        /** What the scripts take for /srv/dallinger. */
        root,
        /** Has services.sh apply what is wanted. */
        apply: (wanted: Wanted) => run("services.sh", ["apply"], payloadOf(wanted)),
        run,
        /** The text of a file of the server's, by its path; nothing when it is not there. */
        read: async (path: string) => {
            const file = join(root, path);
            return existsSync(file) ? (await readFile(file, "utf8")).replaceAll(root, "/srv/dallinger") : undefined;
        },
        has: (path: string) => existsSync(join(root, path)),
        /** Puts a file there. */
        put: async (path: string, text: string) => {
            await mkdir(join(root, path, ".."), { recursive: true });
            await writeFile(join(root, path), text);
        },
        /** The command lines of docker since the last time that they were asked for. */
        calls: async () => {
            const lines = (await readFile(join(machine, "calls"), "utf8")).trimEnd().split("\n");
            await rm(join(machine, "calls"));
            return lines;
        },
        ...disposable,
    };
}
