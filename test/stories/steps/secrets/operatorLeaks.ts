import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "../../../support/testLab.ts";
import type { Ground } from "./ground.ts";
import type { Leak } from "./serverLeaks.ts";

/** Leaks on the operator's machine, by what they are. */
export const operatorLeaks: Readonly<Record<string, Leak>> = {
    "a plain value in the state": {
        places: [/^operator: (exported state|outputs)$/, /^operator: .*\/state\/\.pulumi\//],
        plant: plainOutput,
    },
    "printed, as a part of an address": {
        places: [/^operator: what was printed$/],
        plant: async ({ stack }, secret) => {
            stack.printed += `https://host/?token=${encodeURIComponent(secret)}`;
        },
    },
    "Pulumi's own logs": {
        places: [/^operator: .*\/logs\/leak$/],
        plant: (_, secret) => writeFile(leakedLog(), JSON.stringify({ secret })),
    },
    "a file in the temporary folder, closed to others": {
        places: [/^operator: .*\/temporary\/leak$/],
        plant: ({ temporary }, secret) =>
            writeFile(join(temporary, "leak"), JSON.stringify({ secret }), { mode: 0o600 }),
    },
    "a line in the journal of the engine that builds": {
        places: [/^operator: journal of the engine$/],
        plant: ({ lab }, secret) =>
            execa("lab/lab", ["exec", lab.name, "workshop", "logger", "-t", "dockerd"], {
                cwd: checkout,
                input: JSON.stringify({ secret }),
            }),
    },
    "an argument of the operator's": {
        places: [/^arguments of \/usr\/bin\/printf$/],
        plant: (_, secret) => execa("/usr/bin/printf", [`password=${secret}`]),
    },
};

/** The only leak that outlives its test, unless it is removed. */
export function leakedLog(): string {
    return join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "logs/leak");
}

const exported = z.looseObject({
    deployment: z.looseObject({
        resources: z.array(z.looseObject({ type: z.string(), outputs: z.looseObject({}).optional() })),
    }),
});

/** What Pulumi writes into a state when a program's output is no secret. */
async function plainOutput({ stack }: Ground, secret: string): Promise<void> {
    const state = exported.parse(JSON.parse(await stack.command(["stack", "export"])));
    for (const { type, outputs } of state.deployment.resources) {
        if (type === "pulumi:pulumi:Stack") Object.assign(outputs ?? {}, { leak: secret });
    }
    await stack.command(["stack", "import"], JSON.stringify(state));
}
