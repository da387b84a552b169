import { lineChanges } from "./lineChanges.ts";
import type { TestServer } from "./testLab.ts";

/** What is on a server, as sorted lines under the name of what they list. */
export type Listing = Readonly<Record<string, readonly string[]>>;

const psql = "docker exec -u postgres dlgr-server-postgres psql -At -c";
const places = "/srv/dallinger /var/lib/dallinger /etc/docker";

const deployed = {
    containers: "docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.State}}'",
    volumes: "docker volume ls -q",
    networks: "docker network ls --no-trunc --format '{{.ID}} {{.Name}}'",
    images: "docker images -a --no-trunc --digests --format '{{.Repository}}:{{.Tag}}@{{.Digest}} {{.ID}}'",
    databases: `${psql} 'SELECT datname FROM pg_database'`,
    roles: `${psql} 'SELECT rolname FROM pg_roles'`,
    files: `find ${places} -path /srv/dallinger/backups -prune -o -printf '%y %m %u:%g %p\\n'`,
    contents: `find ${places} -path /srv/dallinger/backups -prune -o -type f -exec sha256sum {} +`,
    temporary: "docker exec dlgr-server-postgres find /tmp -mindepth 1; find /tmp /run -maxdepth 1 -name '*d*l*g*r*'",
    // The configuration that Caddy runs, by its administration address inside of the container's network.
    sites: `nsenter --net --target "$(docker inspect --format '{{.State.Pid}}' dlgr-server-caddy)" bash -c '
        exec 3<>/dev/tcp/127.0.0.1/2019
        printf "GET /config/ HTTP/1.0\\r\\nHost: localhost:2019\\r\\n\\r\\n" >&3
        sed 1,/^.$/d <&3'`,
};

const unlisted = [
    ...["/proc", "/sys", "/run", "/tmp", "/var/tmp", "/var/log", "/srv/dallinger"],
    ...["/var/lib/apt/lists", "'/var/cache/apt/*.bin'", "/var/lib/systemd"],
];

const machine = {
    packages: `dpkg-query -W -f '\${db:Status-Abbrev} \${Package} \${Version}\\n'`,
    users: "getent passwd",
    groups: "getent group",
    units: "systemctl list-unit-files --no-legend --no-pager",
    interfaces: "ip -o link | cut -d' ' -f2",
    forwarding: "cat /proc/sys/net/ipv4/ip_forward",
    // Not what any work with apt or any service leaves: indexes of packages, caches, logs, timers' stamps.
    files: `find / -xdev ${unlisted.map((place) => `-path ${place} -prune -o`).join(" ")} -print`,
};

/** Everything that the program makes on a prepared server. Backups are left out, which outlive their apps. */
export async function listDeployed(server: TestServer): Promise<Listing> {
    return await list(server, deployed);
}

/** What makes a server more or less than the bare one that it was. */
export async function listMachine(server: TestServer): Promise<Listing> {
    return await list(server, machine);
}

/** What has come to each section of a listing and what has gone from it; nothing for those that are the same. */
export function changesOf(before: Listing, after: Listing): Listing {
    const sections = Object.keys(after).map((section) => {
        return [section, lineChanges(before[section] ?? [], after[section] ?? [])] as const;
    });
    return Object.fromEntries(sections.filter(([, changes]) => changes.length > 0));
}

/** The backups on a server, `<app>/<time>`. */
export async function listBackups(server: TestServer): Promise<string[]> {
    return lines(await server.shell("cd /srv/dallinger/backups && find . -mindepth 2 -maxdepth 2 -printf '%P\\n'"));
}

async function list(server: TestServer, commands: Readonly<Record<string, string>>): Promise<Listing> {
    const sections = Object.entries(commands).map(async ([section, command]) => {
        return [section, lines(await server.shell(command))] as const;
    });
    return Object.fromEntries(await Promise.all(sections));
}

function lines(text: string): string[] {
    return text
        .split("\n")
        .filter((line) => line !== "")
        .toSorted();
}
