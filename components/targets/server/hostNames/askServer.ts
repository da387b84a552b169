import { execa } from "execa";
import { quote } from "../../../configuration/checking/shellWord.ts";
import { sshArguments } from "../../../remote/sshArguments.ts";
import { explainSshFailure } from "../../../remote/sshFailure.ts";
import { SshFolder } from "../../../remote/sshFolder.ts";
import { readTemplate } from "../../../remote/templates.ts";
import { readServersView, type ServersView } from "./lookedUp.ts";
import type { NamesFromHere } from "./namesEnvironment.ts";

/** Milliseconds that the server gets to look names up: two types of each, at name servers that may not answer. */
const PATIENCE = 90_000;

/**
 * Asks the server where names lead, by one ssh connection and without changing anything there. `privateKey` is the stack's own; empty for
 * the ssh agent.
 *
 * @throws {Error} that says why, when it cannot be asked.
 */
export async function askServer(request: NamesFromHere, privateKey: string, signal: AbortSignal): Promise<ServersView> {
    const { host, hostnames } = request;
    await using folder = await SshFolder.ofServer(request, privateKey);
    const command = ["exec sh -s", host, ...hostnames]
        .map((word, index) => (index === 0 ? word : quote(word)))
        .join(" ");
    const asked = await execa("ssh", [...sshArguments(request, folder.files, []), command], {
        ...{ input: `${readTemplate("shared/names.sh")}\nreport_names "$@"\n`, reject: false },
        ...{ timeout: PATIENCE, cancelSignal: signal },
    });
    if (asked.code === "ENOENT") throw new Error("there is no ssh command: install OpenSSH's client");
    if (asked.timedOut) throw new Error("it did not answer in time");
    if (asked.failed) throw new Error(explainSshFailure(asked.stderr.split("\n").filter((line) => line !== "")));
    return readServersView(asked.stdout, hostnames);
}
