import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { stepsOf } from "../steps/deployment/steps.ts";
import { awkwardSecret } from "../steps/secrets/deploymentSecrets.ts";
import { searchArguments, unseenPrograms } from "../steps/secrets/execEvents.ts";
import {
    allSecrets,
    checkWithoutAgent,
    configure,
    type Ground,
    makeTalkative,
    newGround,
    searchMachines,
    setSecrets,
} from "../steps/secrets/ground.ts";
import { leakyImage } from "../steps/secrets/imageLeak.ts";
import { leakedLog, operatorLeaks } from "../steps/secrets/operatorLeaks.ts";
import { searchImage } from "../steps/secrets/registryImage.ts";
import { type Finding, SecretSearch } from "../steps/secrets/secretSearch.ts";
import { serverLeaks } from "../steps/secrets/serverLeaks.ts";

const leaks = { ...serverLeaks, ...operatorLeaks };

test("a secret is found however it is written", async () => {
    const value = awkwardSecret();
    const search = new SecretSearch([{ name: "it", value }]);
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const texts = {
        plain: `password=${value};`,
        JSON: JSON.stringify({ value }),
        "JSON in JSON": JSON.stringify(JSON.stringify({ value })),
        URL: `https://host/?a=b&c=${encodeURIComponent(value)}`,
        form: new URLSearchParams({ value }).toString(),
        base64: base64(value),
        "base64 a byte later": base64(`1${value}23`),
        "base64 two bytes later, in lines": base64(`12${value}3`).replaceAll(/.{76}/g, "$&\n"),
        "JSON in base64": base64(JSON.stringify({ value })),
        hexadecimal: Buffer.from(`1${value}2`).toString("hex"),
    };
    const found = await search.texts({ ...texts, "something else": awkwardSecret() });
    assert.deepEqual(new Set(found.map(({ place }) => place)), new Set(Object.keys(texts)));
});

test("nobody sees a secret of a deployment", async (t) => {
    const step = stepsOf(t);
    await using ground = await newGround();
    const { stack, lab } = ground;
    await step("an app is deployed with awkward secrets and a deploy key", async () => {
        await configure(ground);
        await stack.preview({ diff: true });
        await stack.up();
    });
    await step("commands that are no deployment log in with the stack's key, where there is no agent", async () => {
        assert.deepEqual(await checkWithoutAgent(ground), [0, "", 0, ""]);
    });
    const first = new SecretSearch(await allSecrets(ground));
    await step("no file, log, output or environment shows one", async () => {
        assert.deepEqual(await searchMachines(ground, first), []);
    });
    const image = await stack.output("image");
    await step("a preview tells a changed secret by its name", () => tellsByName(ground));
    await step("the image shows none, and a failing update no log lines with one", async () => {
        const [inImage] = await Promise.all([searchImage(first, lab, image), failsQuietly(ground)]);
        assert.deepEqual(inImage, []);
    });
    await step("a backup is closed to all but root", () => backsUp(ground));
    const all = new SecretSearch(await allSecrets(ground));
    const planted = await step("leaks are planted", () => plant(ground));
    await step("every planted leak is found, and no other", async () => {
        const { executions, lost } = await ground.events.end();
        assert.equal(lost, 0);
        assert.deepEqual(unseenPrograms(executions), []);
        const found = [...(await searchMachines(ground, all)), ...(await searchArguments(all, executions))];
        assertOnlyPlanted(found);
        const inImage = await searchImage(all, lab, planted);
        assert.deepEqual(new Set(inImage.map(({ place }) => place.split(" ")[1])), new Set(["layer", "history"]));
    });
});

/** Only the fingerprint of a secret changes in what a preview shows of the app. */
async function tellsByName({ stack, known }: Ground): Promise<void> {
    await setSecrets(stack, known, { smtp_password: awkwardSecret() });
    const { stdout } = await stack.preview({ diff: true });
    assert.match(stdout, /~ smtp_password +: "[0-9a-f]{16}" => "[0-9a-f]{16}"/);
    assert.match(stdout, /^ +prolific_api_token *: "[0-9a-f]{16}"$/m);
}

/** The experiment logs its environment and never gets well: the operator sees its last lines. */
async function failsQuietly(ground: Ground): Promise<void> {
    const { stack, operatorPlaces } = ground;
    await makeTalkative(ground.folder);
    const error = await stack.refusal(() => stack.up());
    assert.match(error, /the last try: status 503: .*\[secret\]/);
    assert.match(error, /last lines of web\n(.*\n)*?.*\[secret\] '\[secret\]' "\[secret\]"/);
    const search = new SecretSearch(await allSecrets(ground));
    assert.deepEqual([...(await search.texts({ error })), ...(await operatorPlaces.search(search))], []);
}

async function backsUp({ stack, server }: Ground): Promise<void> {
    assert.match(await stack.refusal(() => stack.destroy()), /backups that exist only on this server: recall\//);
    const open = await server.shell("find /srv/dallinger/backups -perm /077");
    assert.equal(open, "");
    assert.match(await server.shell("ls -R /srv/dallinger/backups"), /database\.dump/);
}

/** Plants every leak; returns the image with two. */
async function plant(ground: Ground): Promise<string> {
    const { "experiment-database-password": generated, "prolific_api_token (1)": configured } = Object.fromEntries(
        ground.known,
    );
    assert.ok(generated && configured);
    for (const { plant: leak } of Object.values(leaks)) await leak(ground, generated);
    return await leakyImage(ground.lab, generated, configured);
}

function assertOnlyPlanted(found: readonly Finding[]): void {
    const places = [...new Set(found.map(({ place }) => place))];
    const expected = Object.entries(leaks).flatMap(([name, leak]) => leak.places.map((place) => ({ name, place })));
    const unplanted = places.filter((place) => !expected.some((leak) => leak.place.test(place)));
    const unfound = expected.filter((leak) => !places.some((place) => leak.place.test(place)));
    assert.deepEqual({ unplanted, unfound }, { unplanted: [], unfound: [] });
}

test.after(() => rm(leakedLog(), { force: true }));
