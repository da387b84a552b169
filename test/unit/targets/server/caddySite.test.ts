import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderCaddySite } from "../../../../components/targets/server/caddySite.ts";

suite("an app's site", () => {
    const site = renderCaddySite({
        app: "recall",
        hostnames: ["recall.lab.example", "study.example"],
        requestBody: 1000,
    });

    test("answers to all its host names with the server's certificates", () => {
        assert.match(site, /^recall\.lab\.example, study\.example \{\n\timport dallinger_tls\n/);
    });

    test("refuses to launch before anything is passed on", () => {
        assert.match(site, /@launch path \/launch \/launch\/\*\n\trespond @launch .* 403/);
    });

    test("loses no answer on a connection that gunicorn was about to close", () => {
        assert.match(site, /transport http \{\n\t+keepalive off\n/);
    });
});
