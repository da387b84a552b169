import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { readDiagnostics } from "../../../support/diagnostics.ts";
import type { TestStack } from "../../../support/testStack.ts";
import type { Step } from "../deployment/steps.ts";
import type { Laptop } from "./laptop.ts";

/** What stands in the way of an experiment is told in one line, and nothing is changed. */
export async function meetObstacles(step: Step, laptop: Laptop, project: string): Promise<void> {
    const { stack, docker } = laptop;
    const containers = () => docker("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.Names}}");
    const assertRefused = async (refused: TestStack, text: RegExp) => {
        const before = await containers();
        const errors = readDiagnostics(await refused.refusal(() => refused.up()));
        assert.deepEqual(
            errors.filter((error) => !text.test(error)),
            [],
        );
        assert.equal(errors.length, 1);
        assert.equal(await containers(), before);
    };

    await step("a port that another program has is told in one line, and nothing is changed", async () => {
        const program = createServer().listen(0, "127.0.0.1");
        await once(program, "listening");
        const { port } = program.address() as AddressInfo;
        await stack.configure({ "experiment.local.port": String(port) });
        await assertRefused(stack, new RegExp(`port ${port} of this machine is taken by another program`));
        program.close();
        await stack.configure({ "experiment.local.port": "" });
    });

    await step("so is a container of somebody else's that has a name of its", async () => {
        const name = `${project}-worker-2`;
        await docker("create", "--name", name, laptop.browser);
        await stack.configure({ "settings.num_dynos_worker": "2" });
        await assertRefused(stack, new RegExp(`the container ${name} is not this experiment's`));
        await docker("rm", name);
        await stack.configure({ "settings.num_dynos_worker": "" });
    });

    await step("so is an engine that does not answer, and one that does not see the folder", async () => {
        const silent = await laptop.another("silent", laptop.configuration("silent"), "unix:///nowhere/docker.sock");
        await assertRefused(silent, /the Docker engine at unix:\/\/\/nowhere\/docker\.sock does not answer: start/);
        const { docker: other, images, registry } = laptop.lab;
        const { "experiment.image.base": _, ...configuration } = laptop.configuration("blind");
        // It does not come to a start, so that any image will do, and none has to be built with an experiment in it.
        const reference = `${registry.address}/${images.python}`;
        const blind = await laptop.another(
            "blind",
            { ...configuration, "experiment.image.reference": reference },
            other.host,
        );
        await assertRefused(blind, /^exit status 1: [^\n]*keepFolder/);
        assert.match(
            blind.printed,
            /The experiment cannot run on this machine: the Docker engine at \S+ does not see \S+: have it share/,
        );
        await blind.destroy();
    });
}
