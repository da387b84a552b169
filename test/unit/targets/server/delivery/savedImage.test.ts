import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { readSaved } from "../../../../../components/targets/server/delivery/savedImage.ts";
import { put } from "../../../image/temporaryFolder.ts";
import { CONFIG, LAYERS, layout, legacyArchive, sha256 } from "./exampleImage.ts";

suite("an image that docker has saved", () => {
    for (const [engine, save] of Object.entries({ "25 or newer": layout, "before 25": legacyArchive })) {
        test(`is read as an engine of version ${engine} gives it`, async (context) => {
            const { manifest, files, layers } = await readSaved(save(context));
            const { config, layers: named } = JSON.parse(manifest);
            assert.equal(config.digest, `sha256:${sha256(CONFIG)}`);
            const digests = LAYERS.map((layer) => `sha256:${sha256(layer)}`);
            assert.deepEqual(
                named.map(({ digest }: { digest: string }) => digest),
                digests,
            );
            assert.deepEqual(
                layers.map(({ size }) => size),
                LAYERS.map((layer) => layer.length),
            );
            for (const [index, digest] of digests.entries()) {
                assert.equal(readFileSync(files.get(digest) ?? "", "utf8"), LAYERS[index]);
            }
        });
    }

    test("has the same manifest whichever engine gives it", async (context) => {
        const [one, other] = [await readSaved(layout(context)), await readSaved(legacyArchive(context))];
        assert.equal(one.manifest, other.manifest);
    });

    test("brings in no file from outside", async (context) => {
        const folder = legacyArchive(context);
        put(folder, { "d/layer.tar": { link: "/etc/hostname" } });
        const index = [{ Config: `${sha256(CONFIG)}.json`, Layers: ["d/layer.tar"] }];
        put(folder, { "manifest.json": JSON.stringify(index) });
        await assert.rejects(readSaved(folder), /outside its archive/);
    });
});
