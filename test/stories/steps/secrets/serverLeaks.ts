import type { Ground } from "./ground.ts";

/** A leak that was made on purpose. */
export interface Leak {
    /** Places where it is found; it may be seen in several. */
    readonly places: readonly RegExp[];
    plant(ground: Ground, secret: string): Promise<unknown>;
}

/** Makes one leak in a folder or a log of the server; the secret comes on standard input. */
function onServer(script: string, ...places: RegExp[]): Leak {
    return { places, plant: ({ server }, secret) => server.shell(script, secret) };
}

const journalFile = /^server: \/(run|var)\/log\/journal\//;

/** Leaks on the server, by what they are. */
export const serverLeaks: Readonly<Record<string, Leak>> = {
    "a file that everybody can read": onServer(
        "mkdir /opt/leak && cat >/opt/leak/plain",
        /^server: \/opt\/leak\/plain$/,
    ),
    "a file of root's in /tmp, in base64": onServer("base64 -w 0 >/tmp/leak", /^server: \/tmp\/leak$/),
    "a file of root's in /var/tmp, in lines of hexadecimal digits": onServer(
        "od -An -v -tx1 -w4096 | tr -d ' ' >/var/tmp/leak",
        /^server: \/var\/tmp\/leak$/,
    ),
    "a file of root's in /run": onServer("(umask 077 && cat >/run/leak)", /^server: \/run\/leak$/),
    "a file of root's with the app's logs": onServer(
        "cd /srv/dallinger/apps && install -d -m 700 closed closed/log && cat >closed/log/leak.log",
        /^server: \/srv\/dallinger\/apps\/closed\/log\/leak\.log$/,
    ),
    "an environment.yaml that everybody can read": onServer(
        "cd /srv/dallinger/apps && chmod 755 . && mkdir -p leak/releases/1 && cat >leak/releases/1/environment.yaml",
        /^server: \/srv\/dallinger\/apps\/leak\/releases\/1\/environment\.yaml$/,
    ),
    "a line in the journal": onServer("logger -t leak", /^server: journal$/, journalFile),
    "a container's log": onServer(
        "docker run -i --name leak --entrypoint cat $(docker inspect -f '{{.Config.Image}}' dlgr-server-caddy)",
        /^server: log of leak$/,
        /^server: \/var\/lib\/docker\/containers\/\w+\/\w+-json\.log$/,
    ),
    "a failing statement in PostgreSQL's log": onServer(
        `{ printf "SELECT \\$\\$"; cat; printf "\\$\\$ FROM nowhere;"; } | docker exec -i -u postgres dlgr-server-postgres psql -q 2>&1`,
        /^server: log of dlgr-server-postgres$/,
        /^server: \/var\/lib\/docker\/containers\/\w+\/\w+-json\.log$/,
    ),
    "a process's environment": onServer(
        "read -r LEAK; export LEAK; setsid sleep 900 >/dev/null 2>&1 </dev/null &",
        /^server: environment of sleep$/,
    ),
    "an image's history": onServer(
        `{ echo "FROM scratch"; printf "LABEL leak='"; cat; echo "'"; } | DOCKER_BUILDKIT=0 docker build -q -`,
        /^server: history of images/,
        /^server: \/var\/lib\/docker\/image\/overlay2\//,
    ),
    "an argument of a process that lives for a millisecond": onServer(
        'read -r secret; exec /bin/true "$secret"',
        /^arguments of \/usr\/bin\/true$/,
    ),
};
