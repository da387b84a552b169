import { execa } from "execa";
import { quote } from "../../configuration/checking/shellWord.ts";
import { SshFolder } from "../../remote/sshFolder.ts";
import { type SshFiles, sshOptions } from "../../remote/sshOptions.ts";
import type { GitRepository } from "./gitRepositories.ts";

/** What the build will reach by the operator's ssh agent. */
export interface AgentAccess {
    readonly repositories: readonly GitRepository[];
    /** Lines of known_hosts. */
    readonly knownHosts: readonly string[];
    readonly signal?: AbortSignal;
}

/**
 * Makes sure, before anything is built, that there is an ssh agent, and that a key in it opens every repository. A host that
 * cannot be reached from here says nothing: the engine may be elsewhere.
 *
 * @throws {Error} that says which key is missing and how to give it to the agent.
 */
export async function checkAgent({ repositories, knownHosts, signal }: AgentAccess): Promise<void> {
    const what = repositories[0]?.url ?? "what its Dockerfile mounts an ssh agent for";
    const needs = `it needs ${what}, by an ssh agent with a key`;
    if (!process.env.SSH_AUTH_SOCK) throw new Error(`${needs}, but there is no agent: ${START}`);
    const { exitCode } = await execa("ssh-add", ["-l"], { reject: false, timeout: 10_000, ...cancelledBy(signal) });
    signal?.throwIfAborted();
    if (exitCode === 2) throw new Error(`${needs}, but the agent of SSH_AUTH_SOCK does not answer: ${START}`);
    if (exitCode === 1) throw new Error(`${needs}, but the agent has none: \`ssh-add\` the one that may read it`);
    if (repositories.length === 0) return;
    await using folder = await SshFolder.create(knownHosts);
    for (const repository of repositories) await checkRepository(repository, folder.files, signal);
}

const START = '`eval "$(ssh-agent)"`, then `ssh-add` the key that may read it';

async function checkRepository({ url, host }: GitRepository, files: SshFiles, signal?: AbortSignal): Promise<void> {
    // As in the build: nothing of the operator's own settings and key files.
    const ssh = ["ssh", ...sshOptions(files, ["ConnectTimeout=10"]).map(quote)].join(" ");
    const { failed, stderr = "" } = await execa("git", ["ls-remote", "--quiet", url, "HEAD"], {
        env: { GIT_SSH_COMMAND: ssh, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
        reject: false,
        timeout: 30_000,
        ...cancelledBy(signal),
    });
    signal?.throwIfAborted();
    if (failed) throwIfRefused(url, host, stderr);
}

function throwIfRefused(url: string, host: string, stderr: string): void {
    if (/host key verification failed|identification has changed/i.test(stderr)) {
        throw new Error(`${host} has another key than experiment.image.knownHosts says: compare it with its owner's`);
    }
    if (/permission denied/i.test(stderr)) {
        throw new Error(`${host} refuses every key in your ssh agent: \`ssh-add\` the one that may read ${url}`);
    }
    // Some hosts say so, too, when a key may not see what is there.
    const missing = /^.*(?:not found|does not appear to be a git repository|does not exist).*$/im.exec(stderr);
    if (missing !== null && !/could not resolve/i.test(stderr)) {
        throw new Error(`${url} is not there, or no key in your ssh agent may read it: ${missing[0].trim()}`);
    }
}

function cancelledBy(signal: AbortSignal | undefined) {
    return signal === undefined ? {} : { cancelSignal: signal };
}
