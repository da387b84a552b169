import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { describeShape } from "../../../components/configuration/checking/blockShape.ts";
import { DOCUMENTED_BLOCKS, keysOf, withKeyTables } from "../../../components/configuration/keyTables.ts";
import { DALLINGER_KEYS, decidedByDeployment } from "../../../components/configuration/settings/dallingerKeys.ts";
import { checkStackConfiguration } from "../../../components/configuration/stackConfiguration.ts";
import { projectFolder } from "../../../components/program/projectFolder.ts";
import { HOST_KEY } from "./rawConfiguration.ts";
import { makeCertificate } from "./server/certificates.ts";

const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");
const DOCUMENTATION = read("docs/configuration.md");

suite("docs/configuration.md", () => {
    test("has the tables that the shapes give: `make docs` writes them", () => {
        for (const block of Object.keys(DOCUMENTED_BLOCKS))
            assert.ok(DOCUMENTATION.includes(`<!-- the keys of ${block}, by make docs -->`), block);
        assert.equal(withKeyTables(DOCUMENTATION), DOCUMENTATION);
    });

    test("says of every key what it may be and what it means", () => {
        for (const [block, shape] of Object.entries(DOCUMENTED_BLOCKS))
            for (const [key, { expected, description }] of keysOf(describeShape(shape)))
                assert.ok(expected && description, `${block}.${key}`);
    });

    for (const { name, type, reader, synonyms } of DALLINGER_KEYS) {
        test(`has the setting ${name}`, () => {
            const names = `\`${name}\`${synonyms.length === 0 ? "" : ` (also ${synonyms.map((synonym) => `\`${synonym}\``).join(", ")})`}`;
            const reason = reader === "deployment" ? `${decidedByDeployment(name)} |` : "";
            assert.ok(DOCUMENTATION.includes(reader === "elsewhere" ? names : `| ${names} | ${type} | ${reason}`));
        });
    }
});

/** The kinds of stack, the blocks that their examples have, and the keys that have no place there. */
const EXAMPLES = {
    server: { blocks: ["server", "serverSecrets"], without: /^$/ },
    experiment: { blocks: ["experiment", "experimentSecrets"], without: /^local/ },
    both: { blocks: ["server", "serverSecrets", "experiment", "experimentSecrets"], without: /^(on\.stack|local.*)$/ },
    local: {
        blocks: ["experiment"],
        without:
            /^(on\.stack|hostnames|checkFromHere|image\.(delivery|registryUser)|limits\.(connections|freeSpace|requestBody)|releases.*|backup.*|mended|archive)$/,
    },
} as const;

suite("stacks/", () => {
    for (const [kind, { blocks, without }] of Object.entries(EXAMPLES)) {
        const file = `stacks/Pulumi.example-${kind}.yaml`;
        const text = read(file);
        const { config } = parse(text) as { config: Record<string, Record<string, unknown>> };
        const block = (name: string) => config[`dallinger:${name}`];
        const { certificate, key: tlsKey } = makeCertificate("*.lab.example");
        const readFile = (path: string) =>
            path.endsWith(".pem") ? certificate : path.endsWith("experiment.py") ? "" : undefined;
        const accounts = { externalAccountKeys: { "kid-1": "the-key-of-an-account" } };
        const serverSecrets = kind === "both" ? { tlsKey } : kind === "server" ? accounts : undefined;
        const raw = { experiment: block("experiment"), settings: block("settings"), serverSecrets, readFile };
        const server = block("server");

        test(`${file} is right once it has a host key`, () => {
            const withKey = server === undefined ? undefined : { ...server, hostKey: HOST_KEY };
            assert.deepEqual(checkStackConfiguration({ ...raw, server: withKey }).problems, []);
            const paths = checkStackConfiguration({ ...raw, server }).problems.map(({ path }) => path);
            assert.deepEqual(paths, server === undefined ? [] : ["dallinger:server.hostKey"]);
        });

        test(`${file} shows every key of its blocks`, () => {
            const all = blocks.flatMap((name) => keysOf(describeShape(DOCUMENTED_BLOCKS[name])).map(([key]) => key));
            const names = all.filter((key) => !without.test(key)).map((key) => key.split(".").at(-1) ?? key);
            const missing = names.filter((name) => !new RegExp(`^[ #]*${name}(:|  )`, "m").test(text));
            assert.deepEqual(missing, []);
        });
    }
});
