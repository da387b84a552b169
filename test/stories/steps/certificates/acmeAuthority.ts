import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { checkout, type TestServer, testLab } from "../../../support/testLab.ts";

/** The ACME authority of the lab. */
export class AcmeAuthority {
    readonly directory: string;
    /** Certificates in PEM to trust: of the directory's own address, and of what is issued. */
    readonly caCertificate: string;

    private constructor(directory: string, caCertificate: string) {
        this.directory = directory;
        this.caCertificate = caCertificate;
    }

    /** Has it run. */
    static async start(): Promise<AcmeAuthority> {
        const { directory, caCertificate } = JSON.parse(await lab("acme"));
        return new AcmeAuthority(directory, await readFile(caCertificate, "utf8"));
    }

    /** Number of orders that it has taken since it was started, whoever has placed them. */
    async orders(): Promise<number> {
        const log = await lab("exec", "workshop", "journalctl", "-u", "pebble", "-o", "cat");
        const since = log.slice(log.lastIndexOf("Starting Pebble ACME server"));
        return since.split("\n").filter((line) => line.includes("Added order")).length;
    }

    /** Has it refuse every connection from the containers of one server until that is disposed. Others go on asking it. */
    async refusing(server: TestServer): Promise<AsyncDisposable> {
        const { hostname, port } = new URL(this.directory);
        const rule = `DOCKER-USER -d ${hostname} -p tcp --dport ${port} -j REJECT --reject-with tcp-reset`;
        await server.shell(`iptables -I ${rule}`);
        return { [Symbol.asyncDispose]: async () => void (await server.shell(`iptables -D ${rule}`)) };
    }
}

/** Has a name below lab.test mean an address until it is disposed. */
export async function labName(name: string, address: string): Promise<AsyncDisposable> {
    await lab("name", "add", name, address);
    return { [Symbol.asyncDispose]: async () => void (await lab("name", "remove", name)) };
}

/** Standard output of a command of the lab's. */
async function lab(command: string, ...args: string[]): Promise<string> {
    const { name } = await testLab();
    // `name add LAB …`: the command has two words.
    const words = command === "name" ? [command, args[0] ?? "", name, ...args.slice(1)] : [command, name, ...args];
    const { stdout } = await execa("lab/lab", words, { cwd: checkout });
    return stdout;
}
