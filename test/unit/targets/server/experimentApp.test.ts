import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { secret } from "@pulumi/pulumi";
import { ExperimentApp } from "../../../../components/targets/server/experimentApp.ts";
import { type Recording, record } from "../../record.ts";
import { args, outputs } from "./exampleApp.ts";

suite("ExperimentApp", () => {
    let recording: Recording<ExperimentApp>;
    const command = (noun: string) => {
        const found = recording.registered.find(({ name }) => name === `experiment-${noun}`);
        assert.ok(found, noun);
        return found;
    };
    const payload = (noun: string, path: string) => {
        const line = String(command(noun).inputs.stdin)
            .split("\n")
            .find((text) => text.split(" ")[1] === path);
        return Buffer.from(line?.split(" ")[2] ?? "", "base64").toString("utf8");
    };
    const stdinOf = (resource: string) => recording.registered.find(({ name }) => name === resource)?.inputs.stdin;
    before(async () => {
        recording = await record(() => new ExperimentApp("experiment", args), { outputs });
    });

    test("is five commands, two of this machine's, and what is random, all below the component", () => {
        const root = "dallinger:index:ExperimentApp";
        assert.deepEqual(recording.tree.toSorted(), [
            `${root} experiment`,
            `${root}$command:local:Command experiment-names`,
            `${root}$command:local:Command experiment-reach`,
            `${root}$command:remote:Command experiment-claim`,
            `${root}$command:remote:Command experiment-database`,
            `${root}$command:remote:Command experiment-launch`,
            `${root}$command:remote:Command experiment-release`,
            `${root}$command:remote:Command experiment-site`,
            `${root}$random:index/randomPassword:RandomPassword experiment-dashboard-password`,
            `${root}$random:index/randomPassword:RandomPassword experiment-database-password`,
            `${root}$random:index/randomPassword:RandomPassword experiment-flask-secret-key`,
            `${root}$random:index/randomUuid:RandomUuid experiment-experiment-id`,
            `${root}$random:index/randomUuid:RandomUuid experiment-owner`,
        ]);
    });

    test("sends every secret encrypted, by standard input, and puts none into a command line", () => {
        for (const noun of ["database", "release"]) assert.ok(command(noun).secrets.includes("stdin"), noun);
        const secrets = ["t0ken-of-prolific", "w0rd-of-registry", "password-value", "secret-key-value"];
        for (const { type, inputs } of recording.registered) {
            if (type !== "command:remote:Command") continue;
            const lines = [inputs.create, inputs.update, inputs.delete].join("\n");
            for (const one of secrets) assert.ok(!lines.includes(one), `${one} in ${lines}`);
        }
    });

    test("tells a preview which secret changed, and no secret", () => {
        const component = recording.registered.find(({ type }) => type === "dallinger:index:ExperimentApp");
        assert.deepEqual(component?.secrets, []);
        assert.deepEqual(Object.keys(Object(component?.inputs.fingerprints)), ["prolific_api_token"]);
        assert.doesNotMatch(JSON.stringify(component?.inputs), /t0ken-of-prolific|w0rd-of-registry/);
    });

    test("names the containers that a change restarts by hashes a preview knows", () => {
        const component = recording.registered.find(({ type }) => type === "dallinger:index:ExperimentApp");
        assert.deepEqual(Object.keys(Object(component?.inputs.containers)).toSorted(), [
            "pgbouncer",
            "redis",
            "web",
            "worker",
        ]);
    });

    test("gives every command the host key, few attempts and no key of the operator's", () => {
        for (const noun of ["claim", "database", "release", "site", "launch"]) {
            assert.deepEqual(command(noun).inputs.connection, {
                host: "203.0.113.7",
                port: 22,
                user: "debian",
                hostKey: "ssh-ed25519 AAAA",
                dialErrorLimit: 2,
                perDialTimeout: 15,
            });
        }
    });

    test("removes the app by its claim, however far the deployment came, and takes nothing for a payload then", () => {
        assert.match(
            String(command("claim").inputs.delete),
            /sudo -n sh -c 'cat >\/dev\/null; test ! -d \/srv\/dallinger\/apps\/recall \|\| exec \/srv\/dallinger\/apps\/recall\/bin\/app remove all 600 <\/dev\/null'$/,
        );
    });

    test("backs up when the release goes, before the database can", () => {
        assert.match(String(command("release").inputs.delete), /app remove release 600/);
        assert.match(String(command("database").inputs.delete), /app remove database/);
        assert.equal(command("launch").inputs.delete, undefined);
    });

    test("gives the containers the settings and the secrets", () => {
        const environment = payload("release", "environment.yaml");
        assert.match(environment, /"prolific_api_token": "t0ken-of-prolific"/);
        assert.match(environment, /"mode": "live"/);
        assert.doesNotMatch(payload("release", "compose.yaml"), /t0ken|password-value|secret-key/);
    });

    test("begins with a backup before there is a release, which has nothing to do with it", async () => {
        const archive = "20260101T120000Z";
        const { registered } = await record(() => new ExperimentApp("experiment", { ...args, archive }), { outputs });
        const changed = registered
            .filter(({ type, name, inputs }) => type.endsWith(":Command") && inputs.stdin !== stdinOf(name))
            .map(({ name }) => name);
        assert.deepEqual(changed.toSorted(), ["experiment-claim", "experiment-database"]);
        const line = `600 archive ${Buffer.from(archive).toString("base64")}\n`;
        for (const { name, inputs } of registered.filter(({ name }) => changed.includes(name))) {
            assert.ok(String(inputs.stdin).includes(line), name);
        }
        const component = registered.find(({ type }) => type === "dallinger:index:ExperimentApp");
        assert.equal(component?.inputs.archive, archive);
    });

    test("is saved by a schedule through a command of its own, which has nothing of the release", async () => {
        const keep = { last: 3, daily: 0, weekly: 0, monthly: 0 };
        const scheduled = async (schedule: string) =>
            await record(() => new ExperimentApp("experiment", { ...args, backups: { schedule, keep } }), { outputs });
        const [daily, hourly] = [await scheduled("daily"), await scheduled("hourly")];
        const commands = ({ registered }: Recording<ExperimentApp>) =>
            new Map(
                registered.filter(({ type }) => type.endsWith(":Command")).map(({ name, inputs }) => [name, inputs]),
            );
        const [before, after] = [commands(daily), commands(hourly)];
        const changed = [...before.keys()].filter((name) => before.get(name)?.stdin !== after.get(name)?.stdin);
        // The claim has it looked at before anything is changed.
        assert.deepEqual(changed.toSorted(), ["experiment-claim", "experiment-schedule"]);
        assert.match(String(after.get("experiment-schedule")?.create), /app schedule$/);
        assert.match(String(after.get("experiment-schedule")?.delete), /app remove schedule <\/dev\/null'$/);
        const component = daily.registered.find(({ type }) => type === "dallinger:index:ExperimentApp");
        assert.deepEqual(component?.inputs.backups, { schedule: "daily", keep });
    });

    test("sends what opens the repository of its backups encrypted, before it can begin with one of them", async () => {
        const repository = { url: "s3:https://s3.lab.example/backups", caCertificate: "PEM" };
        const repositorySecrets = secret({
            ...{ backupPassword: "w0rd-of-backups", backupAccessKeyId: "id-of-s3" },
            backupSecretAccessKey: "k3y-of-s3",
        });
        const { registered } = await record(
            () => new ExperimentApp("experiment", { ...args, repository, repositorySecrets }),
            { outputs },
        );
        const texts = ["w0rd-of-backups", "id-of-s3", "k3y-of-s3"];
        const encoded = texts.map((text) => Buffer.from(text).toString("base64"));
        for (const { name, inputs, secrets } of registered) {
            const { stdin, ...others } = inputs;
            assert.ok(!texts.some((text) => JSON.stringify(others).includes(text)), name);
            const holds = encoded.some((text) => String(stdin).includes(text));
            assert.equal(holds, name === "experiment-schedule", name);
            if (holds) assert.ok(secrets.includes("stdin"));
        }
        const order = registered.map(({ name }) => name);
        assert.ok(order.indexOf("experiment-schedule") < order.indexOf("experiment-database"));
    });

    test("has the server's machine compared with the platform before anything else is done there", () => {
        assert.equal(payload("claim", "platform"), "linux/amd64");
    });

    test("lets the release alone log in to the registry, and there only", () => {
        assert.deepEqual(JSON.parse(payload("release", "login/config.json")), {
            auths: { "registry.example": { auth: Buffer.from("lab:w0rd-of-registry").toString("base64") } },
        });
        for (const noun of ["claim", "database", "site"]) assert.equal(payload(noun, "login/config.json"), "");
    });

    test("keeps the record of the release free of secrets", () => {
        // The server puts more between the last comma and the closing brace.
        const record = payload("release", "record.json");
        assert.match(record, /,\n\}\n$/);
        assert.deepEqual(JSON.parse(record.replace(/,\n\}\n$/, "}")), {
            stack: "organization/dallinger/lab1",
            commit: "c0ffee",
            image: "registry.example/recall@sha256:aa",
            contentHash: "0123abcd",
            workers: 1,
            clock: false,
            settings: { mode: "live", recruiter: "hotair" },
            secrets: ["prolific_api_token"],
        });
    });

    test("says where participants go, what the launch answered and how to see the logs", async () => {
        const { url, recruitment, logs, dashboardUser } = recording.built;
        const shown = await Promise.all(
            [url, recruitment, logs, dashboardUser].map((output) => new Promise((resolve) => output.apply(resolve))),
        );
        assert.deepEqual(shown, [
            "https://recall.203-0-113-7.nip.io",
            "come in",
            "ssh debian@203.0.113.7 sudo docker compose -p dlgr-app-recall logs -f",
            "admin",
        ]);
    });
});
