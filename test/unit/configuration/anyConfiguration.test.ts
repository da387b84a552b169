import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { DALLINGER_KEYS } from "../../../components/configuration/settings/dallingerKeys.ts";
import { checkStackConfiguration } from "../../../components/configuration/stackConfiguration.ts";
import { check, EXPERIMENT, files, SERVER, SETTINGS } from "./rawConfiguration.ts";

/** Keys that mean something, so that values are looked at, and others. */
const blockKeys = [
    "host",
    "hostKey",
    "tls",
    "mode",
    "images",
    "path",
    "name",
    "on",
    "stack",
    "image",
    "repository",
    "parameters",
    "hostnames",
    "limits",
    "privateKey",
];
const settingKeys = DALLINGER_KEYS.flatMap(({ name, synonyms }) => [name, ...synonyms]);
const keys = fc.oneof(fc.constantFrom(...blockKeys, ...settingKeys), fc.string());
const scalars = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("file:a", "live", "hotair", "%(a)s"),
);
const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        scalars,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keys, tie("value"), { maxKeys: 5 }),
    ),
}));
const configTxt = fc.array(
    fc.oneof(
        fc.string(),
        fc.tuple(keys, fc.string()).map(([key, text]) => `${key} = ${text}`),
    ),
    { maxLength: 6 },
);

suite("any configuration", () => {
    test("is either right or has problems, each with a path and a message, whatever it holds", () => {
        const raw = fc.record(
            { server: value, serverSecrets: value, experiment: value, settings: value, secrets: value },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(raw, configTxt, (blocks, lines) => {
                const readFile = (path: string) =>
                    path.endsWith("config.txt") ? ["[A]", ...lines].join("\n") : undefined;
                const { configuration, problems } = checkStackConfiguration({ ...blocks, readFile });
                assert.equal(configuration === undefined, problems.length > 0);
                for (const { path, message } of problems) assert.ok(path !== "" && message !== "");
            }),
            { numRuns: 300 },
        );
    });

    test("sends the keys that a deployed app reads and were given, sorted, and no other", () => {
        const valid = { bool: "yes", int: "1", float: "1.5", str: "2", json: "[]" } as const;
        const special = {
            contact_email_on_error: "a@b",
            debug_recruiter: "cli",
            recruiters: "bots: 1",
            mode: "live",
            recruiter: "multi",
        };
        const isPlain = (name: string) => !/access_|password|token/.test(name);
        const settable = DALLINGER_KEYS.filter(({ reader, name }) => reader !== "deployment" && isPlain(name));
        fc.assert(
            fc.property(fc.subarray(settable), (chosen) => {
                const given = Object.fromEntries(chosen.map(({ name, type }) => [name, valid[type]]));
                const { configuration } = check({ settings: { ...given, ...special } });
                const names = new Set([...chosen.map(({ name }) => name), ...Object.keys(special)]);
                const sent = settable.filter(({ name, reader }) => reader === "app" && names.has(name));
                const environment = Object.keys(configuration?.settings?.environment ?? {});
                assert.deepEqual(environment, sent.map((key) => key.environment).toSorted());
            }),
        );
    });

    test("has no secret's value in any message", () => {
        const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/).map((text) => `zq${text}`);
        const shapes = fc.constantFrom(
            (text: string): unknown => text,
            (text: string) => [text],
            (text: string) => ({ a: text }),
            (text: string) => `file:${text}`,
        );
        const places = fc.constantFrom("secrets", "serverSecrets", "settings", "config.txt");
        const names = fc.constantFrom(
            ...settingKeys,
            "nonsense",
            "my_token",
            "privateKey",
            "tlsKey",
            "externalAccountKeys",
            "registryPassword",
        );
        fc.assert(
            fc.property(secret, shapes, places, names, (text, shape, place, name) => {
                // Among plain settings only what is sensitive by its name is a secret.
                const isPlain = place === "settings" || place === "config.txt";
                if (isPlain && !/access_id|access_key|password|secret|token/i.test(name)) return;
                const block = { [name]: shape(text) };
                const readFile = files(place === "config.txt" ? { "config.txt": `[A]\n${name} = ${text}` } : {});
                const settings = place === "settings" ? { ...SETTINGS, ...block } : SETTINGS;
                const blocks = { server: SERVER, experiment: EXPERIMENT, settings, readFile };
                const { problems } = checkStackConfiguration({
                    ...blocks,
                    ...(!isPlain && { [place]: block }),
                });
                assert.ok(!JSON.stringify(problems).includes(text));
            }),
            { numRuns: 300 },
        );
    });

    test("gives a key the value of the highest layer that has it", () => {
        const title = fc.option(fc.stringMatching(/^[a-z]{1,8}$/), { nil: undefined });
        fc.assert(
            fc.property(title, title, title, (inFile, inSettings, inSecrets) => {
                const readFile = files(inFile === undefined ? {} : { "config.txt": `[A]\ntitle = ${inFile}` });
                const settings = { ...SETTINGS, ...(inSettings !== undefined && { title: inSettings }) };
                const secrets = inSecrets === undefined ? {} : { title: inSecrets };
                const result = check({ settings, secrets, readFile }).configuration?.settings;
                assert.equal(result?.secretEnvironment.title, inSecrets);
                assert.equal(result?.environment.title, inSecrets === undefined ? (inSettings ?? inFile) : undefined);
            }),
        );
    });
});
