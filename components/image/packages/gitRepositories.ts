import { configurationPath, setCommand } from "../../configuration/checking/configurationPath.ts";
import { EXAMPLE_KEY, knownHostName, scanCommand } from "../../configuration/checking/hostKeys.ts";
import type { Problem } from "../../configuration/checking/problems.ts";
import { knowsHost } from "../../configuration/image/knownHosts.ts";
import type { Requirement } from "./requirements.ts";

/** A repository that is reached by ssh. */
export interface GitRepository {
    /** As git takes it: `ssh://git@example.org/lab/words.git`. */
    readonly url: string;
    readonly host: string;
    readonly port: number;
}

/** The repositories that requirements take code from by ssh, each once. */
export function sshRepositories(requirements: readonly Requirement[]): GitRepository[] {
    const found = requirements.flatMap(({ url }) => readAddress(url) ?? []);
    return [...new Map(found.map((repository) => [repository.url, repository])).values()];
}

/** Says of each host whose key is not in the stack's configuration how to put it there. */
export function checkKnownHosts(repositories: readonly GitRepository[], knownHosts: readonly string[]): Problem[] {
    const unknown = repositories.filter(({ host, port }) => !knownHosts.some((line) => knowsHost(line, host, port)));
    // Of those on one host the first is named.
    const hosts = new Map(unknown.toReversed().map((one) => [`${one.host}:${one.port}`, one]));
    const path = configurationPath("experiment", "image", "knownHosts");
    return [...hosts.values()].toReversed().map(({ host, port, url }) => ({
        path,
        message: `has no key of ${port === 22 ? host : `${host}, port ${port}`}, where ${url} is: without one the build could be given anybody's code`,
        fix: [
            scanCommand(host, port),
            "prints it; compare its fingerprint with the one that the host's owner publishes; then",
            setCommand(`${path}[${knownHosts.length}]`, `${knownHostName(host, port)} ${EXAMPLE_KEY}`),
        ].join("\n"),
    }));
}

/** `git+ssh://git@example.org:2222/lab/words.git@main#egg=words`. */
function readAddress(address: string): GitRepository | undefined {
    if (!address.startsWith("git+ssh://")) return undefined;
    const url = address
        .slice("git+".length)
        .replace(/#.*$/, "")
        .replace(/(?<=^ssh:\/\/[^/]*\/.*)@[^@]*$/, "");
    const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: "", port: "" };
    return { url, host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? 22 : Number(port) };
}
