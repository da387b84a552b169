import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
    openReferences,
    pinnedImages,
    pinnedLines,
    withAnswers,
} from "../../../../components/configuration/server/resolvedImages.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const images = { postgres: "postgres:17", redis: "redis:8", caddy: `lab.example:5000/caddy:2@${digest("c")}` };

suite("what images mean", () => {
    test("is known of a reference with a digest, and of one that the configuration has the meaning of", () => {
        const resolved = { redis: `redis:8@${digest("a")}`, postgres: `postgres:16@${digest("b")}` };
        assert.deepEqual(pinnedImages(images, resolved), { redis: `redis@${digest("a")}`, caddy: images.caddy });
        assert.deepEqual(openReferences(images, resolved), ["postgres:17"]);
    });

    test("is else what the server has answered", () => {
        const pinned = pinnedImages(images, {});
        const answers = `postgres:17 postgres@${digest("e")}\nredis:8 ${digest("f")}`;
        const found = withAnswers(images, pinned, answers);
        assert.deepEqual(found, {
            postgres: `postgres@${digest("e")}`,
            redis: digest("f"),
            caddy: images.caddy,
        });
        assert.equal(
            pinnedLines(images, found),
            `${images.caddy} ${images.caddy}\npostgres:17 postgres@${digest("e")}\nredis:8 ${digest("f")}\n`,
        );
    });

    test("is not written down where nobody knows it", () => {
        assert.equal(pinnedLines({ redis: "redis:8", pgbouncer: "pgbouncer:1" }, { redis: "" }), "");
    });
});
