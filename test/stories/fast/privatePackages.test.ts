import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { AppOnServer } from "../../support/appOnServer.ts";
import { assertRefused } from "../../support/refusal.ts";
import { stepsOf } from "../steps/deployment/steps.ts";
import { packageName, privateWord } from "../steps/privatePackages/gitHost.ts";
import { addKey, type Ground, newGround } from "../steps/privatePackages/ground.ts";
import { keySecrets } from "../steps/secrets/deploymentSecrets.ts";
import { searchEngineStorage } from "../steps/secrets/engineStorage.ts";
import { searchImage } from "../steps/secrets/registryImage.ts";
import { type Finding, SecretSearch } from "../steps/secrets/secretSearch.ts";

test("an experiment takes a private package by the operator's ssh agent, and nothing of the key stays", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    const { stack, withoutAgent, server, host } = ground;
    await step("a host whose key is not known is refused, also in a preview", async () => {
        const error = await stack.refusal(() => stack.preview());
        assert.match(error, /dallinger:experiment\.image\.knownHosts: has no key of /);
        assert.match(error, /ssh-keyscan -t ed25519 /);
    });
    await stack.configure({ "experiment.image.knownHosts[0]": host.knownHost });
    await step("without an agent there is one error, before anything is built", async () => {
        const texts = [`by an ssh agent with a key, but there is no agent`, "`ssh-add` the key that may read it"];
        await assertRefused(withoutAgent, server, texts);
        assert.doesNotMatch(withoutAgent.printed, /^.*Building \S+ for /m);
    });
    await step("without the key there is one error, before anything is built", async () => {
        await assertRefused(stack, server, ["refuses every key in your ssh agent: `ssh-add` the one that may read"]);
        assert.doesNotMatch(stack.printed, /^.*Building \S+ for /m);
    });
    await addKey(ground);
    await step("with the key the experiment imports the package", () => importsPackage(ground));
    await step("no layer, history, log, state or build cache has the key, its path or the agent's socket", () =>
        keepsNothing(ground),
    );
    await step("an image that is there needs neither key nor agent", async () => {
        const image = await stack.output("image");
        await withoutAgent.preview();
        assert.deepEqual(withoutAgent.changed, []);
        assert.equal(await withoutAgent.output("image"), image);
    });
});

async function importsPackage({ stack, server }: Ground): Promise<void> {
    await stack.up();
    const web = await new AppOnServer(server).web();
    const program = `import ${packageName}; print(${packageName}.WORDS[0])`;
    assert.equal((await server.run("docker", "exec", web, "python3", "-c", program)).trim(), privateWord);
}

async function keepsNothing(ground: Ground): Promise<void> {
    const { stack, lab, operator, key } = ground;
    const secrets = [
        ...keySecrets("the package's key", await readFile(key, "utf8")),
        { name: "the key's path", value: key },
        { name: "the agent's socket", value: operator.agent },
    ];
    // What the package itself holds has to be found: the search sees into the layers, and into what the engine keeps of them.
    const word = { name: "the word", value: privateWord };
    const search = new SecretSearch([...secrets, word]);
    const state = JSON.stringify(await stack.stack.exportStack());
    assert.match(stack.printed, /^.*Building \S+ for /m, "the log has been seen");
    assert.deepEqual(await search.texts({ log: stack.printed, state }), []);
    const inImage = await searchImage(search, lab, await stack.output("image"));
    const inEngine = await searchEngineStorage(search, lab.name);
    for (const findings of [inImage, inEngine]) assert.deepEqual(foundIn(findings), [word.name]);
    assert.match(inImage[0]?.place ?? "", /layer/);
}

function foundIn(findings: readonly Finding[]): readonly string[] {
    return [...new Set(findings.map(({ secret }) => secret))];
}
