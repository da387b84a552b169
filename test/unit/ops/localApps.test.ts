import assert from "node:assert/strict";
import { test } from "node:test";
import { readLocalApps } from "../../../ops/localApps.ts";

const line = (project: string, service: string, status: string, ports = "") =>
    JSON.stringify({
        ...{ Names: `${project}-${service}-1`, Status: status, Ports: ports, Image: "recall" },
        Labels: `com.docker.compose.project=${project},com.docker.compose.config-hash=pulumi,com.docker.compose.service=${service},other=1`,
    });

test("apps on this machine are told apart by how their containers are", () => {
    const lines = [
        ...[
            line("recall-a1b2c3", "web", "Up 1 hour (healthy)", "127.0.0.1:5000->5000/tcp"),
            line("recall-a1b2c3", "worker", "Up 1 hour"),
        ],
        ...[line("ill-a1b2c3", "web", "Up 1 hour (unhealthy)"), line("ill-a1b2c3", "worker", "Up 1 hour")],
        ...[line("still-a1b2c3", "web", "Exited (0) 1 hour ago"), line("still-a1b2c3", "worker", "Created")],
        line("half-a1b2c3", "postgres", "Up 1 hour (healthy)", "127.0.0.1:5432->5432/tcp"),
    ];
    const memory = new Map([
        ["recall-a1b2c3-web-1", 5],
        ["recall-a1b2c3-worker-1", 6],
    ]);
    const apps = readLocalApps(`${lines.join("\n")}\n`, memory);
    assert.deepEqual(
        apps.map(({ name, state }) => [name, state]),
        [
            ["recall-a1b2c3", "running"],
            ["ill-a1b2c3", "disturbed"],
            ["still-a1b2c3", "stopped"],
            ["half-a1b2c3", "half-made"],
        ],
    );
    assert.deepEqual(apps[0]?.hosts, ["localhost:5000"]);
    assert.equal(apps[0]?.memory, 11);
    assert.deepEqual(apps[3]?.hosts, []);
});

test("where the engine has none, there is none", () => {
    assert.deepEqual(readLocalApps("", new Map()), []);
});
