import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { checkImagePlatform } from "../../../../components/configuration/image/imageConfiguration.ts";

suite("the platform of an image", () => {
    test("may be left out, or be the server's", () => {
        assert.deepEqual(checkImagePlatform(undefined, "linux/arm64"), []);
        assert.deepEqual(checkImagePlatform("linux/arm64", "linux/arm64"), []);
    });

    test("is refused when it is not the server's, with the command that mends it", () => {
        assert.deepEqual(checkImagePlatform("linux/arm64", "linux/amd64"), [
            {
                path: "dallinger:experiment.image.platform",
                message: "is linux/arm64, but the server is linux/amd64",
                fix: "pulumi config rm --path 'dallinger:experiment.image.platform'",
            },
        ]);
    });
});
