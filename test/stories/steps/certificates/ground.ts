import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, type TestStack } from "../../../support/testStack.ts";
import { AcmeAuthority } from "./acmeAuthority.ts";

/** A server to be, with an app; who issues certificates is not said yet, and nothing is deployed. */
export interface BareGround extends AsyncDisposable {
    readonly server: TestServer;
    readonly operator: Operator;
    /** Server and app in one. */
    readonly stack: TestStack;
    /** Where the app is to be: a name below lab.test that nobody has added. */
    readonly hostname: string;
}

/** The same, with certificates from the lab's authority. */
export interface Ground extends BareGround {
    readonly authority: AcmeAuthority;
}

/** Makes a ground. Disposing it takes the server and everything else away. */
export async function newBareGround(name: string): Promise<BareGround> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await equippedServer(name));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const operator = made.use(await operatorWith({ key: lab.key, backend, stacks: [name] }));
    const stack = operator.stack(name);
    await stack.configure({ ...exampleConfiguration(lab, server), "server.dnsHost": `${name}.lab.test` });
    const kept = made.move();
    return {
        ...{ server, operator, stack, hostname: `recall.${name}.lab.test` },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

/** Makes a ground with the authority. */
export async function newGround(name: string): Promise<Ground> {
    const authority = await AcmeAuthority.start();
    await using made = new AsyncDisposableStack();
    const ground = made.use(await newBareGround(name));
    await nameAuthorities(ground.stack, [authority]);
    const kept = made.move();
    return { ...ground, authority, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Has a stack name these authorities, in their order, and no others. */
export async function nameAuthorities(stack: TestStack, authorities: readonly AcmeAuthority[]): Promise<void> {
    await stack.configure({ "server.tls.authorities": "" });
    const named = authorities.flatMap(({ directory, caCertificate, account }, index) => {
        const at = `server.tls.authorities[${index}]`;
        const member = account === undefined ? [] : [[`${at}.externalAccount`, account.keyId]];
        return [[`${at}.directory`, directory], [`${at}.caCertificate`, caCertificate], ...member];
    });
    const acme = { "server.tls.mode": "acme", "server.tls.email": "it@lab.test" };
    await stack.configure({ ...acme, ...Object.fromEntries(named) });
}

/** The app of a ground, which is asked with these certificates trusted and no others. */
export function siteOf({ hostname, server }: BareGround, caCertificate: string): Site {
    return new Site(`https://${hostname}`, server.address, caCertificate);
}
