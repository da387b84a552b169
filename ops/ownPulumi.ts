import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectFolder } from "../components/program/projectFolder.ts";

/** A way to run Pulumi. */
export interface PulumiWay {
    readonly program: string;
    /** What is different in its environment; what is undefined there is taken out. */
    readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The project's own: with the project's backend, unless the environment names another one. */
export const wrapper: PulumiWay = { program: join(projectFolder, "pulumi"), environment: {} };

const credentials = z.object({ current: z.string().min(1) });
const project = z.object({ backend: z.object({ url: z.string().min(1) }) });

/** The user's own pulumi in the environment in which `./ops/dallinger` was called; nothing where it has no backend of its own. */
export async function ownPulumi(environment: NodeJS.ProcessEnv): Promise<PulumiWay | undefined> {
    const { DALLINGER_OWN_PULUMI, DALLINGER_OWN_PATH, DALLINGER_OWN_HOME, DALLINGER_OWN_CREDENTIALS } = environment;
    if (!DALLINGER_OWN_PULUMI) return undefined;
    const login = join(
        DALLINGER_OWN_CREDENTIALS || DALLINGER_OWN_HOME || join(homedir(), ".pulumi"),
        "credentials.json",
    );
    const named = environment.PULUMI_BACKEND_URL || environment.PULUMI_ACCESS_TOKEN;
    if (!named && !(await holds(login, credentials)) && !(await holds(join(projectFolder, "Pulumi.yaml"), project))) {
        return undefined;
    }
    return {
        program: DALLINGER_OWN_PULUMI,
        environment: {
            PATH: DALLINGER_OWN_PATH,
            PULUMI_HOME: DALLINGER_OWN_HOME || undefined,
            PULUMI_CREDENTIALS_PATH: DALLINGER_OWN_CREDENTIALS || undefined,
        },
    };
}

async function holds(file: string, shape: z.ZodType): Promise<boolean> {
    const text = await readFile(file, "utf8").catch(() => "");
    return shape.safeParse(parse(text)).success;
}
