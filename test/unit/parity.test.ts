import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { describeShape } from "../../components/configuration/checking/blockShape.ts";
import { DOCUMENTED_BLOCKS, keysOf } from "../../components/configuration/keyTables.ts";
import { runCommandLine } from "../../ops/commandLine.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/parity.md"), "utf8");
const rows = [...page.matchAll(/^\| (.+) \| (.+) \|$/gm)].map(([, there = "", here = ""]) => ({ there, here }));
const spans = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
const named = rows.flatMap(({ here }) => spans(here));

/** Commands of the predecessors and their options, by the pages that list them (Dallinger 12.4, PsyNet 13.3). */
const predecessors = [
    ...["debug", "--verbose", "--bot", "--proxy", "--no-browsers", "start-services", "stop-services"],
    ...["remove-services-data", "build", "push", "--use-existing", "sandbox", "deploy", "deploy-image --image"],
    ...["--sandbox", "--live", "servers list", "servers add --host --user", "servers remove", "set-dozzle-password"],
    ...["--app", "--archive", "--dns-host", "--server", "--update", "--local_build", "--push-build", "apps", "stats"],
    ...["export", "--local", "--no-scrub", "destroy --app", "debug local", "--docker", "debug ssh", "deploy ssh"],
    ...["export ssh", "--path", "--assets", "--anonymize", "--no-source", "--n_parallel", "destroy ssh"],
    ...["test ssh", "--n-bots", "--parallel", "--stagger", "performance-test ssh", "db", "experiment-variables"],
    ...["simulate", "estimate"],
];

/** What the command line prints, with the status that it ends with. */
async function run(t: TestContext, argv: readonly string[]): Promise<{ status: number; printed: string }> {
    let printed = "";
    const written = t.mock.method(process.stdout, "write", (text: string) => {
        printed += text;
        return true;
    });
    const status = await runCommandLine("./ops/dallinger", argv);
    written.mock.restore();
    return { status, printed };
}

suite("what takes the place of the predecessors' commands", () => {
    test("is told of each of them, and of each of their options", () => {
        const told = rows.map(({ there }) => there).join("\n");
        assert.deepEqual(
            predecessors.filter((each) => !told.includes(each)),
            [],
        );
    });

    test("is told with a reason where it is nothing", () => {
        for (const { there, here } of rows.filter((row) => row.here.startsWith("none")))
            assert.match(here, /^none( yet)?: .{20,}$/, there);
    });

    const commands = [...new Set(named.filter((span) => span.startsWith("./ops/dallinger ")))];
    for (const command of commands) {
        test(`is there: ${command}`, async (t) => {
            const words = command.split(" ").slice(1);
            const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
            const argv = own.filter((word) => /^[a-z]/.test(word)).slice(0, 1);
            const { status, printed } = await run(t, [...argv, "--help"]);
            assert.equal(status, 0);
            assert.match(printed, new RegExp(`^Usage: \\./ops/dallinger ${argv[0]}`));
            for (const flag of own.filter((word) => word.startsWith("--"))) assert.ok(printed.includes(flag), flag);
        });
    }

    test("is a key that the configuration has", () => {
        const known = Object.entries(DOCUMENTED_BLOCKS).flatMap(([block, shape]) =>
            keysOf(describeShape(shape)).map(([path]) => `${block}.${path}`),
        );
        const paths = named.flatMap((span) => {
            const [, path] = /^(?:.*dallinger:)?((?:experiment|server)\.[\w.]+)/.exec(span) ?? [];
            return path === undefined ? [] : [path];
        });
        assert.ok(paths.length > 8);
        assert.deepEqual(
            paths.filter((path) => !known.some((key) => key === path || key.startsWith(`${path}.`))),
            [],
        );
    });
});
