import { execa } from "execa";
import { projectFolder } from "../../components/program/projectFolder.ts";
import { type Lab, readLab } from "../../lab/readLab.ts";

/** Folder of the checkout that is tested; nothing is ever written there. */
export const checkout = projectFolder;

/** A server of the lab, as root sees it from inside: without ssh, so that looking leaves no connection in its journal. */
export interface TestServer {
    readonly name: string;
    readonly address: string;
    readonly user: string;
    readonly hostKey: string;
    /** Standard output of a command on the server, run by root. Fails when the command does. */
    run(...command: string[]): Promise<string>;
    /** The same for a shell's text, which may read an input. */
    shell(text: string, input?: string): Promise<string>;
}

/** The lab that test/stories/run.sh has brought up. */
export async function testLab(): Promise<Lab> {
    return await readLab(checkout, labName());
}

/** A server of the lab by its name there. */
export async function testServer(name: string): Promise<TestServer> {
    const found = (await testLab()).servers.find((server) => server.name === name);
    if (found === undefined) throw new Error(`the lab has no server ${name}`);
    const feed = async (input: string, ...command: string[]) => {
        const { stdout } = await execa("lab/lab", ["exec", labName(), name, ...command], { cwd: checkout, input });
        return stdout;
    };
    const run = (...command: string[]) => feed("", ...command);
    return { ...found, run, shell: (text, input = "") => feed(input, "sh", "-c", text) };
}

/** A further server with nothing on it but sshd; disposing it takes it away. */
export async function bareServer(name: string): Promise<TestServer & AsyncDisposable> {
    return await addServer(name);
}

/** A further server where Docker and the images are already, as where an app has run before; nothing of this project's is. */
export async function equippedServer(name: string): Promise<TestServer & AsyncDisposable> {
    return await addServer(name, "--equipped");
}

async function addServer(name: string, ...options: string[]): Promise<TestServer & AsyncDisposable> {
    // What an interrupted run has left is no new server.
    await execa("lab/lab", ["server", "remove", labName(), name], { cwd: checkout, reject: false });
    await execa("lab/lab", ["server", "add", labName(), name, ...options], { cwd: checkout });
    const server = await testServer(name);
    const dispose = async () => {
        await execa("lab/lab", ["server", "remove", labName(), name], { cwd: checkout });
    };
    return { ...server, [Symbol.asyncDispose]: dispose };
}

function labName(): string {
    const name = process.env.DALLINGER_E2E_LAB;
    if (name === undefined) throw new Error("run the end-to-end tests with test/stories/run.sh");
    return name;
}
