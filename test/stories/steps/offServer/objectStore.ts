import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { checkout, testLab } from "../../../support/testLab.ts";

/** The server of S3 in a lab, which runs unless it was stopped. */
export interface ObjectStore {
    /** `https://HOST:PORT`. */
    readonly url: string;
    /** In PEM. */
    readonly caCertificate: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
}

/** Has the lab's server of S3 run. */
export async function objectStore(): Promise<ObjectStore> {
    const described = JSON.parse(await lab("store"));
    return { ...described, caCertificate: await readFile(described.caCertificate, "utf8") };
}

/** Stops it; what it has stays. */
export async function stopStore(): Promise<void> {
    await lab("exec", "workshop", "systemctl", "stop", "object-store");
}

async function lab(command: string, ...args: string[]): Promise<string> {
    const { name } = await testLab();
    return (await execa("lab/lab", [command, name, ...args], { cwd: checkout })).stdout;
}
