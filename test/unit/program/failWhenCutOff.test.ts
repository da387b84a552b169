import assert from "node:assert/strict";
import { test } from "node:test";
import * as grpc from "@grpc/grpc-js";
import monitor from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import { execa } from "execa";
import { checkout } from "../../support/testLab.ts";

type Reply<T> = grpc.sendUnaryData<T>;

const cut = { code: grpc.status.UNAVAILABLE, details: "read ECONNRESET" };

/**
 * Runs a program of three resources, as Pulumi's language host does. What stands for Pulumi's engine makes nothing; at the second
 * resource the connection is cut if `isCut`, and it answers nothing more if `isGone`.
 */
async function runProgram({ isCut = false, isGone = false } = {}) {
    const declared: string[] = [];
    let saysAllIsDeclared = false;
    const server = new grpc.Server();
    server.addService(services(), {
        supportsFeature: (_: unknown, reply: Reply<resources.SupportsFeatureResponse>) => {
            if (isGone && declared.includes("first")) reply(cut);
            else reply(null, new resources.SupportsFeatureResponse());
        },
        registerResource: (
            { request }: { request: resources.RegisterResourceRequest },
            reply: Reply<resources.RegisterResourceResponse>,
        ) => {
            const name = request.getName();
            if (isCut && name === "second") return reply(cut);
            declared.push(name);
            const response = new resources.RegisterResourceResponse();
            response.setUrn(`urn:pulumi:stack::project::${request.getType()}::${name}`);
            response.setId(`the id of ${name}`);
            response.setObject(request.getObject());
            reply(null, response);
        },
        registerResourceOutputs: (_: unknown, reply: Reply<object>) => reply(null, {}),
        signalAndWaitForShutdown: (_: unknown, reply: Reply<object>) => {
            saysAllIsDeclared = true;
            reply(null, {});
        },
    });
    const { exitCode: status, stderr: said } = await run("test/unit/program/threeInARow.ts", await listen(server));
    server.forceShutdown();
    return { status, said, declared, saysAllIsDeclared };
}

function services(): grpc.ServiceDefinition {
    const { supportsFeature, registerResource, registerResourceOutputs, signalAndWaitForShutdown } =
        monitor.ResourceMonitorService;
    const responseSerialize = () => Buffer.alloc(0);
    return {
        ...{ supportsFeature, registerResource },
        registerResourceOutputs: { ...registerResourceOutputs, responseSerialize },
        signalAndWaitForShutdown: { ...signalAndWaitForShutdown, responseSerialize },
    };
}

async function listen(server: grpc.Server): Promise<string> {
    return await new Promise((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
            error === null ? resolve(`127.0.0.1:${port}`) : reject(error),
        ),
    );
}

async function run(program: string, address: string) {
    const place = ["--monitor", address, "--project", "project", "--stack", "stack", "--pwd", checkout];
    const args = ["node_modules/@pulumi/pulumi/cmd/run", ...place, program];
    return await execa(process.execPath, args, { cwd: checkout, reject: false });
}

test("a program that has declared all ends well, and says so", async () => {
    const { status, said, declared, saysAllIsDeclared } = await runProgram();
    assert.deepEqual({ status, said, saysAllIsDeclared }, { status: 0, said: "", saysAllIsDeclared: true });
    assert.deepEqual(declared.slice(1), ["first", "second", "third"]);
});

test("when a program's connection with Pulumi is cut, what it has not declared is not removed", async () => {
    const { status, said, declared, saysAllIsDeclared } = await runProgram({ isCut: true });
    assert.deepEqual(declared.slice(1), ["first"]);
    assert.deepEqual({ status, saysAllIsDeclared }, { status: 1, saysAllIsDeclared: false });
    assert.match(said, /^the program ended before all was declared: its connection with Pulumi was cut \(.*\)\. /);
    assert.match(said, / \(registerResource: 14 UNAVAILABLE: read ECONNRESET, after \d+ s\)\./, "how, too");
});

test("a program whose operation Pulumi has ended says nothing of that", async () => {
    const { status, said, saysAllIsDeclared } = await runProgram({ isCut: true, isGone: true });
    assert.deepEqual({ status, said, saysAllIsDeclared }, { status: 32, said: "", saysAllIsDeclared: false });
});
