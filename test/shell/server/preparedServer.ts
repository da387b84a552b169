import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type AcmeAuthority, LETS_ENCRYPT } from "../../../components/configuration/server/acmeAuthorities.ts";
import { renderPayload } from "../../../components/remote/payload.ts";
import type { ServerVerb } from "../../../components/targets/server/doors.ts";
import { resolveServer } from "../../../components/targets/server/serverSpec.ts";
import { servicesFiles } from "../../../components/targets/server/servicesFiles.ts";
import { placeDoor, serverFolder } from "../serverScripts.ts";

/**
 * A docker whose images have PostgreSQL's version in their tags. One with `missing` in its name is nowhere, one with `sick` never
 * gets healthy, one with `deadly` kills whoever starts it, and Caddy takes no key with `wrong` in it. `running` is the compose file
 * that was started last, `running-images` what its images meant then, `newer` makes every tag mean another image, `away` has no image come by digest, `postgres` is what it says of that container, `hash` what that is to be made from, `loaded` is the certificate and the Caddyfile that Caddy has.
 */
const docker = `#!/bin/sh
echo "$*" >>"$MACHINE/calls"
for last; do :; done
# Of each name that an image has there is a file with its id, which is its digest here.
image() { printf '%s' "$MACHINE/images/$(printf %s "$1" | tr / _)"; }
id() { case $1 in sha256:*) echo "$1" ;; *) cat "$(image "$1")" 2>/dev/null ;; esac; }
case $* in
"compose version --short") echo 2.30.0 ;;
*" config -q") ;;
"compose "*" config --hash postgres") echo "postgres $(cat "$MACHINE/hash")" ;;
"compose "*" config --images postgres") grep -o '"image": "[^"]*' "$SERVER/compose.yaml" | sed 's/.*"//' | grep -v caddy ;;
"compose "*" up "*)
    ! grep -q deadly "$SERVER/compose.yaml" || { kill -9 "$PPID"; exit 1; }
    cp "$SERVER/compose.yaml" "$MACHINE/running"
    for reference in $(sed -n 's/^ *"*image"*: "*\\([^" ]*\\)"*$/\\1/p' "$SERVER/compose.yaml"); do echo "$reference $(id "$reference")"; done >"$MACHINE/running-images"
    ! grep -q sick "$SERVER/compose.yaml"
    ;;
"image inspect --format {{.Id}} "*) id "$last" ;;
"image inspect --format {{range .RepoDigests}}"*)
    id=$(id "$last") && grep -lx "$id" "$MACHINE/images"/*@* | sed 's|.*/||; s|_|/|g'
    ;;
"image inspect --format {{range .Config.Env}}"*) digest=$(id "$last") && tag=$(cat "$MACHINE/digests/$digest") && echo "PG_MAJOR=\${tag##*:}" ;;
"image inspect "*) id "$last" >/dev/null ;;
"pull "*)
    case $last in
    *missing*) exit 1 ;;
    *@*) [ ! -e "$MACHINE/away" ] || exit 1; digest=\${last#*@} ;;
    *)
        digest=sha256:$(printf %s "$last$(cat "$MACHINE/newer" 2>/dev/null)" | sha256sum | cut -d ' ' -f 1)
        echo "$last" >"$MACHINE/digests/$digest"
        echo "$digest" >"$(image "\${last%:*}@$digest")"
        ;;
    esac
    echo "$digest" >"$(image "$last")"
    ;;
"tag "*) id=$(id "$2") && echo "$id" >"$(image "$3")" ;;
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
"ps -q --filter name=^dlgr-app- "*) cat "$MACHINE/pgbouncers" 2>/dev/null || : ;;
"inspect --format {{.State.Running}} {{index"*) cat "$MACHINE/postgres" 2>/dev/null ;;
"inspect --format {{.State.Pid}} "*) echo "$last" ;;
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
    /** In place of a certificate: who is asked for some. */
    readonly authorities?: readonly AcmeAuthority[];
    /** Key id -> MAC key, of accounts with those. */
    readonly accounts?: Readonly<Record<string, string>>;
    readonly mended?: string;
    /** What the images are to mean: another text, other ones. */
    readonly newer?: string;
}

/** The payload of the verb `services`. */
export function payloadOf({
    postgres = "postgres:17",
    caddy = "caddy:2",
    certificate,
    key,
    authorities = [{ directory: LETS_ENCRYPT }],
    accounts,
    mended = "",
    newer = "",
}: Wanted): string {
    const images = { postgres, caddy, redis: "redis:8", pgbouncer: "pgbouncer:1" };
    const pinned = Object.fromEntries(
        Object.entries(images).map(([service, reference]) => [service, meaningOf(reference, newer)]),
    );
    const acme = { mode: "acme" as const, email: "it@lab.example", authorities };
    const tls = certificate === undefined ? acme : customTls(certificate);
    const spec = resolveServer({ id: "the-id", host: "203.0.113.7", hostKey: "ssh-ed25519 AAAA", images, tls, mended });
    return renderPayload(servicesFiles(spec, pinned, { tlsKey: key, externalAccountKeys: accounts }));
}

/** What the registry of these tests gives for a tag. */
export function meaningOf(reference: string, newer = ""): string {
    const digest = createHash("sha256").update(`${reference}${newer}`).digest("hex");
    return `${reference.replace(/:.*/, "")}@sha256:${digest}`;
}

function customTls(certificate: string) {
    return { mode: "custom" as const, certificate };
}

/** A claimed server on which the verb `services` can be run, with a docker of the test's. */
export async function claimedServer() {
    const { root, ...disposable } = await serverFolder();
    const server = join(root, "server");
    const machine = join(root, "machine");
    await rm(join(server, "layout.json"));
    await placeDoor(root, join(server, "bin"), "server");
    for (const folder of ["volumes", "images", "digests"]) await mkdir(join(machine, folder), { recursive: true });
    await mkdir(join(server, "postgres"));
    await writeFile(join(server, "postgres/password"), "nobody knows it");
    await writeFile(join(server, "id"), "the-id");
    await writeFile(join(machine, "docker"), docker, { mode: 0o700 });
    await writeFile(join(machine, "sleep"), "#!/bin/sh\n", { mode: 0o700 });
    const program = (name: string, text: string) =>
        writeFile(join(machine, name), `#!/bin/sh\n${text}\n`, { mode: 0o700 });
    await program("systemd-run", 'echo "$*" >>"$MACHINE/units"');
    const systemctl = 'if [ "$1" = is-active ]; then [ -e "$MACHINE/active" ]; else echo "$*" >>"$MACHINE/units"; fi';
    await program("systemctl", systemctl);
    const env = { PATH: `${machine}:${process.env.PATH}`, MACHINE: machine, SERVER: server };
    const call = async (program: string, words: readonly string[], input = "") => {
        const { exitCode, stdout, stderr } = await execa(program, words, { env, input, reject: false });
        return { exitCode, stdout, stderr };
    };
    const run = (verb: ServerVerb, words: readonly string[], input = "") =>
        call(join(server, "bin/server"), [verb, ...words], input);
    return {
        /** What the scripts take for /srv/dallinger. */
        root,
        /** Has what is wanted applied. */
        apply: async (wanted: Wanted) => {
            const { postgres = "postgres:17", newer = "" } = wanted;
            const digest = meaningOf(postgres, newer).replace(/.*@/, "");
            await writeFile(join(machine, "digests", digest), postgres);
            return await run("services", [], payloadOf(wanted));
        },
        run,
        /** Puts a program in front of the machine's own: a text for `sh`. */
        program,
        /** Runs one of its scripts by itself. */
        script: (name: string, ...words: string[]) => call("sh", [join(server, "bin", name), ...words]),
        /** Has its docker do something. */
        docker: (...words: string[]) => call(join(machine, "docker"), words),
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
        remove: (path: string) => rm(join(root, path)),
        /** The command lines of docker since the last time that they were asked for. */
        calls: async () => {
            const lines = (await readFile(join(machine, "calls"), "utf8")).trimEnd().split("\n");
            await rm(join(machine, "calls"));
            return lines;
        },
        ...disposable,
    };
}
