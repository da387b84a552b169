import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type EngineContainer, findObstacles } from "../../../../components/targets/local/occupied.ts";

const wanted = {
    project: "recall-a1b2c3",
    containers: ["recall-a1b2c3-web-1", "recall-a1b2c3-worker-1"],
    ports: { port: 5000, databasePort: 5432 },
};

const container = (name: string, project: string, ...ports: number[]): EngineContainer => ({ name, project, ports });

suite("what is in the way of an experiment on this machine", () => {
    test("is nothing where its own containers have its names and ports", () => {
        const own = [container("recall-a1b2c3-web-1", "recall-a1b2c3", 5000), container("other-web-1", "other", 5001)];
        assert.deepEqual(findObstacles(wanted, own, new Set([5000])), []);
    });

    test("is a port at which another program listens, also where its own containers are stopped", () => {
        const stopped = [container("recall-a1b2c3-web-1", "recall-a1b2c3")];
        assert.deepEqual(findObstacles(wanted, stopped, new Set([5000])), [
            "port 5000 of this machine is taken by another program: end that, or choose another one (pulumi config set --path 'dallinger:experiment.local.port' 5001)",
        ]);
    });

    test("is a port that another container publishes, whether or not it can be seen to listen", () => {
        const [obstacle, ...more] = findObstacles(wanted, [container("lab-db-1", "lab", 5432)], new Set());
        assert.match(
            obstacle ?? "",
            /^port 5432 of this machine is taken by the container lab-db-1: .*databasePort' 5433\)$/,
        );
        assert.deepEqual(more, []);
    });

    test("is a container of another project with one of its names", () => {
        const others = [container("recall-a1b2c3-worker-1", ""), container("recall-a1b2c3-clock-1", "")];
        assert.deepEqual(findObstacles(wanted, others, new Set()), [
            "the container recall-a1b2c3-worker-1 is not this experiment's: rename it, or remove it (docker rm -f recall-a1b2c3-worker-1)",
        ]);
    });
});
