import assert from "node:assert/strict";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { suite, type TestContext, test } from "node:test";
import { ImageServer } from "../../../../../components/targets/server/delivery/imageServer.ts";
import { readSaved } from "../../../../../components/targets/server/delivery/savedImage.ts";
import { temporaryFolder } from "../../../image/temporaryFolder.ts";
import { CONFIG, LAYERS, layout, sha256 } from "./exampleImage.ts";

interface Answer {
    readonly status: number | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
}

/** Serves the example's image, and gives a way to ask for paths. */
async function serve(context: TestContext) {
    const socketPath = join(temporaryFolder(context), "socket");
    const image = await readSaved(layout(context));
    const server = await ImageServer.listen(image, socketPath);
    context.after(() => server[Symbol.asyncDispose]());
    const [repository = "", digest = ""] = server.reference.split("@");
    const ask = (path: string, method = "GET", headers = {}) =>
        new Promise<Answer>((resolve, reject) => {
            const sent = request({ socketPath, path, method, headers, agent: false }, (answer) => {
                const { statusCode: status, headers: told } = answer;
                buffer(answer).then((body) => resolve({ status, headers: told, body: body.toString() }), reject);
            });
            sent.on("error", reject).end();
        });
    return { server, image, ask, digest, of: (path: string) => `/v2/${repository}/${path}` };
}

suite("a registry of one image", () => {
    test("gives manifest, configuration and layers by their digests", async (context) => {
        const { image, ask, digest, of } = await serve(context);
        assert.equal((await ask("/v2/")).status, 200);
        const manifest = await ask(of(`manifests/${digest}`));
        assert.equal(manifest.headers["content-type"], "application/vnd.oci.image.manifest.v1+json");
        assert.equal(manifest.headers["docker-content-digest"], digest);
        assert.equal(manifest.body, image.manifest);
        assert.equal(digest, `sha256:${sha256(manifest.body)}`);
        for (const content of [CONFIG, ...LAYERS]) {
            const { status, headers, body } = await ask(of(`blobs/sha256:${sha256(content)}`));
            assert.deepEqual([status, headers["content-length"], body], [200, String(content.length), content]);
        }
    });

    test("goes on where a download broke off", async (context) => {
        const { ask, of } = await serve(context);
        const [, layer = ""] = LAYERS;
        const { status, headers, body } = await ask(of(`blobs/sha256:${sha256(layer)}`), "GET", {
            range: "bytes=100-",
        });
        assert.deepEqual([status, body], [206, layer.slice(100)]);
        assert.equal(headers["content-range"], `bytes 100-${layer.length - 1}/${layer.length}`);
    });

    test("tells what there is without giving it, and counts only what it gives", async (context) => {
        const { server, ask, digest, of } = await serve(context);
        for (const path of [of(`manifests/${digest}`), of(`blobs/sha256:${sha256(CONFIG)}`)]) {
            const { status, headers, body } = await ask(path, "HEAD");
            assert.deepEqual([status, body], [200, ""]);
            assert.ok(Number(headers["content-length"]) > 0);
        }
        assert.equal(server.sent, 0);
        await ask(of(`blobs/sha256:${sha256(CONFIG)}`));
        assert.equal(server.sent, CONFIG.length);
    });

    test("has nothing else, and takes nothing", async (context) => {
        const { ask, digest, of } = await serve(context);
        for (const path of [of("manifests/latest"), of(`blobs/${digest}`), `/v2/library/manifests/${digest}`, "/"]) {
            assert.equal((await ask(path)).status, 404, path);
        }
        for (const method of ["PUT", "POST", "DELETE"])
            assert.equal((await ask(of("blobs/uploads/"), method)).status, 405);
    });
});
