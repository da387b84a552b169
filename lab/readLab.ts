import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";

const description = z.object({
    name: z.string(),
    network: z.string(),
    key: z.string(),
    servers: z.array(z.object({ name: z.string(), address: z.string(), user: z.string(), hostKey: z.string() })),
    registry: z.object({ address: z.string(), ca: z.string() }),
    docker: z.object({ host: z.string() }),
    images: z.record(z.string(), z.string()),
});

/** A running lab: what its lab.json says, and the environment in which `docker`, `ssh` and `./pulumi` use it. */
export type Lab = z.infer<typeof description> & {
    /** PEM of the CA of the lab's registry. */
    readonly registryCa: string;
    readonly environment: Readonly<Record<string, string>>;
};

/** Reads the description of a running lab. */
export async function readLab(project: string, name: string): Promise<Lab> {
    const { stdout } = await execa(join(project, "lab/lab"), ["env", name]);
    const environment = Object.fromEntries(
        stdout.split("\n").flatMap((line) => {
            const [, key, value] = /^export (\w+)='?([^']*)'?$/.exec(line) ?? [];
            return key === undefined || value === undefined ? [] : [[key, value]];
        }),
    );
    const file = environment.DALLINGER_LAB;
    if (file === undefined) throw new Error(`lab env ${name} names no description`);
    const lab = description.parse(JSON.parse(await readFile(file, "utf8")));
    return { ...lab, registryCa: await readFile(lab.registry.ca, "utf8"), environment };
}
