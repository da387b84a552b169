import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import {
    type AppEnvironmentSpec,
    processEnvironment,
    renderEnvironment,
    renderSecretList,
} from "../../../components/app/appEnvironment.ts";
import { placeOnServer } from "../../../components/targets/server/appNames.ts";

const spec: AppEnvironmentSpec = {
    app: "recall",
    place: placeOnServer("recall"),
    hostname: "recall.lab.example",
    settings: { mode: "live", title: "A study" },
    secretSettings: { prolific_api_token: "t0ken" },
    generated: {
        id: "8f1c",
        databasePassword: "databaseSecret",
        flaskSecretKey: "flaskSecret",
        dashboardPassword: "dashboardSecret",
    },
    connections: 50,
    services: { redis: {}, pgbouncer: {}, web: {}, worker: { scale: 2 } },
};

suite("the environment of an app", () => {
    test("reaches database and Redis by names that no other app has", () => {
        const environment = processEnvironment(spec);
        assert.equal(
            environment.DATABASE_URL,
            "postgresql://app_recall:databaseSecret@dlgr-app-recall-pgbouncer/app_recall",
        );
        assert.equal(environment.REDIS_URL, "redis://dlgr-app-recall-redis:6379");
    });

    test("makes links with the public name on the port that Caddy listens on", () => {
        const { HOST, base_port, num_dynos_web, host } = processEnvironment(spec);
        assert.deepEqual([HOST, base_port, num_dynos_web, host], ["recall.lab.example", "80", "1", "0.0.0.0"]);
    });

    test("keeps what the deployment decides, whatever the settings say", () => {
        const settings = { host: "localhost", id: "mine", HOST: "evil", logfile: "server.log" };
        const environment = processEnvironment({ ...spec, settings });
        assert.equal(environment.host, "0.0.0.0");
        assert.equal(environment.id, "8f1c");
        assert.equal(environment.logfile, "-");
    });

    test("takes the dashboard's password from the secrets when it is there", () => {
        const secretSettings = { dashboard_password: "chosen" };
        assert.equal(processEnvironment(spec).dashboard_password, "dashboardSecret");
        assert.equal(processEnvironment({ ...spec, secretSettings }).dashboard_password, "chosen");
    });

    test("goes to the processes and to pgbouncer, each their own, and not to Redis", () => {
        const { services } = parse(renderEnvironment(spec));
        const told = Object.keys(services).filter((service) => "environment" in services[service]);
        assert.deepEqual(told.toSorted(), ["pgbouncer", "web", "worker"]);
        assert.deepEqual(Object.keys(services.redis), ["labels"]);
        assert.equal(services.pgbouncer.environment.DB_PASSWORD, "databaseSecret");
        assert.ok(!("FLASK_SECRET_KEY" in services.pgbouncer.environment));
    });

    test("carries any value through YAML, with every $ doubled for compose", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), (title) => {
                const { services } = parse(renderEnvironment({ ...spec, settings: { title } }));
                assert.equal(services.web.environment.title.replaceAll("$$", "$"), title);
            }),
        );
    });

    test("has every secret in the list by which log lines are cleaned, a line each", () => {
        const list = renderSecretList({ ...spec, secretSettings: { key: "line one\nline two" } }).split("\n");
        for (const secret of ["databaseSecret", "flaskSecret", "dashboardSecret", "line one", "line two"]) {
            assert.ok(list.includes(secret), secret);
        }
    });
});
