import { cp } from "node:fs/promises";
import { join } from "node:path";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { testLab } from "../../../support/testLab.ts";
import type { Ground } from "../releases/ground.ts";
import { steadyExample } from "../releases/variants.ts";

/** Another operator of the same stack, with the experiment as it is now. */
export async function copyStack({ operator, backend }: Ground): Promise<Operator> {
    const { key } = await testLab();
    const colleague = await operatorWith({ key, backend, stacks: ["recall"], colleague: operator });
    await cp(join(operator.folder, steadyExample), join(colleague.folder, steadyExample), { recursive: true });
    return colleague;
}
