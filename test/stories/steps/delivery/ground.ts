import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../../lab/readLab.ts";
import { type Operator, operatorWith } from "../../../support/operator.ts";
import { quietServer } from "../../../support/serverState.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer, testLab } from "../../../support/testLab.ts";
import { exampleConfiguration, TestStack } from "../../../support/testStack.ts";
import { steadyExample, VariableExperiment } from "../releases/variants.ts";

/** An app whose image no registry has: its stack has its name. */
export interface DeliveredApp {
    readonly name: string;
    readonly stack: TestStack;
}

/** Folder of another experiment in a checkout, which needs the same packages. */
const anotherExample = "examples/another";

/** A prepared server that reaches no registry any more, and apps for it that are configured without one. */
export interface Ground extends AsyncDisposable {
    readonly server: TestServer;
    readonly operator: Operator;
    /** Of the apps `by-ssh` and `by-server`. */
    readonly experiment: VariableExperiment;
    readonly bySsh: DeliveredApp;
    /** There is no engine where this one is deployed from. */
    readonly byServer: DeliveredApp;
    /** Another experiment, by ssh. */
    readonly another: DeliveredApp;
}

/** Makes the ground. Disposing it takes the server and everything else away. */
export async function newGround(): Promise<Ground> {
    await using made = new AsyncDisposableStack();
    const lab = await testLab();
    const server = made.use(await quietServer("delivery", equippedServer));
    const backend = await mkdtemp(join(tmpdir(), "e2e-state-"));
    made.defer(() => rm(backend, { recursive: true, force: true }));
    const temporary = join(backend, "a folder with spaces");
    await mkdir(temporary);
    const stacks = ["server", "by-ssh", "another"];
    const operator = made.use(
        await operatorWith({ key: lab.key, backend, stacks, environment: { TMPDIR: temporary } }),
    );
    const experiment = await VariableExperiment.copy(operator.folder);
    const { folder, agent } = operator;
    await cp(join(folder, "examples/recall"), join(folder, anotherExample), { recursive: true });
    await writeFile(join(folder, anotherExample, "words.py"), 'WORDS = ["another", "list", "of", "words"]\n');
    const environment = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    const elsewhere = await TestStack.create({ folder, lab, agent, backend, name: "by-server", environment });
    const values = Object.entries(exampleConfiguration(lab, server));
    await operator.stack("server").configure(Object.fromEntries(values.filter(([path]) => path.startsWith("server."))));
    await letBuild(server);
    await operator.stack("server").up();
    await leaveRegistry(server, lab);
    const rest = values.filter(([path]) => !/^server\.|^experiment\.image\.repository$/.test(path));
    const app = async (
        name: string,
        stack: TestStack,
        delivery: string,
        path = steadyExample,
    ): Promise<DeliveredApp> => {
        const own = { "experiment.name": name, "experiment.on.stack": "server", "experiment.path": path };
        await stack.configure({ ...Object.fromEntries(rest), ...own, "experiment.image.delivery": delivery });
        return { name, stack };
    };
    const bySsh = await app("by-ssh", operator.stack("by-ssh"), "ssh");
    const byServer = await app("by-server", elsewhere, "server");
    const another = await app("another", operator.stack("another"), "ssh", anotherExample);
    const kept = made.move();
    return { server, operator, experiment, bySsh, byServer, another, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The site of an app that is up. */
export async function siteOf({ operator, server }: Ground, { stack }: DeliveredApp): Promise<Site> {
    const outputs = await operator.stack("server").stack.outputs();
    return new Site(await stack.output("url"), server.address, outputs.server?.value.caCertificate);
}

/** The lab's network takes packets of its own size, which an engine has to be told for what it builds. */
async function letBuild(server: TestServer): Promise<void> {
    await server.shell(`
        mkdir -p /etc/docker
        printf '{ "mtu": %s }' "$(cat /sys/class/net/eth0/mtu)" >/etc/docker/daemon.json
        systemctl restart docker`);
}

/** Leaves the server nothing of the experiment's image but the base of Python, and no registry of the lab. */
async function leaveRegistry(server: TestServer, { registry }: Lab): Promise<void> {
    const [address, port] = registry.address.split(":");
    await server.shell(`
        docker image inspect python:3.13-slim-trixie >/dev/null
        docker image rm example:dependencies
        iptables -I OUTPUT -d ${address} -p tcp --dport ${port} -j REJECT
        iptables -I DOCKER-USER -d ${address} -p tcp --dport ${port} -j REJECT`);
}

/** Packets that were meant for the registry since the server cannot reach it. */
export async function packetsToRegistry(server: TestServer): Promise<number> {
    // Docker puts its own rules before those of FORWARD with each network that it makes, and leaves its user's chain alone.
    const rules = await server.shell("iptables -nvxL OUTPUT 1 && iptables -nvxL DOCKER-USER 1");
    return rules.split("\n").reduce((sum, rule) => sum + Number(rule.trim().split(/\s+/)[0]), 0);
}
