import assert from "node:assert/strict";
import { begin } from "../../../support/participant.ts";
import { dallinger } from "../../../support/projectCommand.ts";
import { firstRelease, type Ground } from "./ground.ts";

/** What tells one release from another, seen from outside and inside. */
async function seen({ app, site, server }: Ground) {
    const image = await server.run("docker", "inspect", "--format", "{{.Config.Image}}", await app.web());
    const { words } = await begin(site, crypto.randomUUID());
    const environment = await server.run("docker", "exec", await app.web(), "env");
    const [, token = ""] = /^prolific_api_token=(.*)$/m.exec(environment) ?? [];
    return { image, words: words.length, token };
}

/** `rollback` brings image and settings of the release before, secret ones too; `forward` returns. */
export async function rollsBack(ground: Ground): Promise<void> {
    const { stack, operator, experiment } = ground;
    const first = await seen(ground);
    assert.deepEqual([first.words, first.token], [firstRelease.words, firstRelease.token]);

    await experiment.change();
    await stack.configure({ "settings.recall_words": "7" });
    await stack.configureSecrets({ "secrets.prolific_api_token": "the second token" });
    await stack.up();
    const second = await seen(ground);
    assert.deepEqual([second.words, second.token], [7, "the second token"]);
    assert.notEqual(second.image, first.image);

    const listed = await dallinger(operator, "recall", "releases");
    const [headings = "", latest = "", before = ""] = listed.stdout.split("\n");
    assert.match(headings, /^RELEASE +APPLIED +IMAGE +COMMIT +BY +SERVES$/);
    assert.match(latest, /^[0-9a-f]{12} {2}\S+Z {2}sha256:[0-9a-f]+ {2}none {4}debian@\S+ SHA256:\S+ {2}serves$/);
    assert.doesNotMatch(before, /serves$/);

    const rollback = await dallinger(operator, "recall", "rollback");
    assert.equal(rollback.exitCode, 0, rollback.stderr);
    assert.ok(!(rollback.stdout + rollback.stderr).includes("token"));
    const preview = await stack.preview({ diff: true });
    assert.match(preview.stdout, /recall_words +: "7" => "5"/);
    assert.match(preview.stdout, /prolific_api_token *: "[0-9a-f]{16}" => "[0-9a-f]{16}"/);
    await stack.up();
    assert.deepEqual(await seen(ground), first);
    assert.equal((await stack.output("release")).slice(0, 12), before.slice(0, 12));
    await stack.up();
    assert.deepEqual(stack.changed, []);

    assert.equal((await dallinger(operator, "recall", "forward")).exitCode, 0);
    await stack.up();
    assert.deepEqual(await seen(ground), second);
}
