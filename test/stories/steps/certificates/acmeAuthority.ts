import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { checkout, type TestServer, testLab } from "../../../support/testLab.ts";

/** The ACME authorities of a lab, as `lab acme` knows them. */
export type AuthorityName = "public" | "other" | "short" | "members";

/** What an authority has taken since it was started, whoever has asked. */
export interface Counts {
    readonly orders: number;
    readonly accounts: number;
}

/** An ACME authority of the lab. */
export class AcmeAuthority {
    readonly name: AuthorityName;
    readonly directory: string;
    /** Certificates in PEM to trust: of the directory's own address, and of what is issued. */
    readonly caCertificate: string;
    /** What it asks of those who want certificates. */
    readonly account: { readonly keyId: string; readonly macKey: string } | undefined;

    private constructor(name: AuthorityName, { directory, externalAccount, macKey }: Described, caCertificate: string) {
        this.name = name;
        this.directory = directory;
        this.caCertificate = caCertificate;
        this.account = externalAccount && macKey ? { keyId: externalAccount, macKey } : undefined;
    }

    /** Has it run. */
    static async start(name: AuthorityName = "public"): Promise<AcmeAuthority> {
        const described: Described = JSON.parse(await lab("acme", name));
        return new AcmeAuthority(name, described, await readFile(described.caCertificate, "utf8"));
    }

    /** Number of orders that it has taken since it was started, whoever has placed them. */
    async orders(): Promise<number> {
        return (await this.counts()).orders;
    }

    async counts(): Promise<Counts> {
        const unit = this.name === "public" ? "pebble" : `pebble-${this.name}`;
        const log = await lab("exec", "workshop", "journalctl", "-u", unit, "-o", "cat");
        const lines = log.slice(log.lastIndexOf("Starting Pebble ACME server")).split("\n");
        const orders = lines.filter((line) => line.includes("Added order")).length;
        const accounts = lines.flatMap((line) => /There are now (\d+) accounts in memory/.exec(line)?.[1] ?? []);
        return { orders, accounts: Number(accounts.at(-1) ?? "0") };
    }

    /** Has it refuse every connection from the containers of one server until that is disposed. Others go on asking it. */
    async refusing(server: TestServer): Promise<AsyncDisposable> {
        const { hostname, port } = new URL(this.directory);
        const rule = `DOCKER-USER -d ${hostname} -p tcp --dport ${port} -j REJECT --reject-with tcp-reset`;
        await server.shell(`iptables -I ${rule}`);
        return { [Symbol.asyncDispose]: async () => void (await server.shell(`iptables -D ${rule}`)) };
    }
}

/** What `lab acme` prints. */
interface Described {
    readonly directory: string;
    /** A file. */
    readonly caCertificate: string;
    readonly externalAccount?: string;
    readonly macKey?: string;
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
