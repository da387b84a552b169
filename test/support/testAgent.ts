import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";

/** An ssh agent with one key; disposing it ends the agent. */
export async function agentWith(key: string): Promise<{ socket: string } & AsyncDisposable> {
    const folder = await mkdtemp(join(tmpdir(), "agent-"));
    const socket = join(folder, "socket");
    const agent = execa("ssh-agent", ["-D", "-a", socket], { reject: false });
    const dispose = async () => {
        agent.kill("SIGTERM");
        await agent;
        await rm(folder, { recursive: true });
    };
    for (let tries = 0; ; tries++) {
        const added = await execa("ssh-add", ["-q", key], { env: { SSH_AUTH_SOCK: socket }, reject: false });
        if (!added.failed) return { socket, [Symbol.asyncDispose]: dispose };
        if (tries > 50) throw new Error(`ssh-add: ${added.stderr}`);
        await setTimeout(100);
    }
}
