import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";
import { AcmeAuthority } from "./acmeAuthority.ts";

/** A server whose certificates come from the lab's authority; nothing is deployed yet. */
export interface Ground extends AsyncDisposable {
    readonly server: TestServer;
    readonly authority: AcmeAuthority;
    readonly operator: Operator;
    /** Server and app in one. */
    readonly stack: TestStack;
    /** Where the app is to be: a name below lab.test that nobody has added. */
    readonly hostname: string;
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newGround(name: string): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const authority = await AcmeAuthority.start();
    const server = made.use(await equippedServer(name));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: [name] }));
    const stack = operator.stack(name);
    await stack.configure({
        ...exampleConfiguration(lab, server),
        "server.dnsHost": `${name}.lab.test`,
        "server.tls.mode": "acme",
        "server.tls.email": "it@lab.test",
        "server.tls.authorities[0].directory": authority.directory,
        "server.tls.authorities[0].caCertificate": authority.caCertificate,
    });
    const kept = made.move();
    return {
        ...{ server, authority, operator, stack, hostname: `recall.${name}.lab.test` },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}
