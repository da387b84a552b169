import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { readLab } from "../../../lab/readLab.ts";
import { pagesWithCommands, type Reader, ReadmeCommands } from "../../support/readmeCommands.ts";
import { checkout } from "../../support/testLab.ts";
import { exampleConfiguration } from "../../support/testStack.ts";
import { within } from "../../support/within.ts";

// `make test` is what runs this.
const runByCaller = ["make test"];

suite("the commands of the README and of docs/operating.md", () => {
    let place: string;
    let folder: string;
    let readme: ReadmeCommands;
    let laptop: Reader;

    before(async () => {
        // A lab's sockets are in it: the path has to be short. A host of a lab has a /tmp of its own, which would hide what it shares.
        place = await mkdtemp("/var/tmp/readme-");
        folder = join(place, "dallinger");
        process.env.DALLINGER_LAB_DIR = join(place, "labs");
        await copyTree(folder);
        const environment = { XDG_DATA_HOME: join(place, "data") };
        readme = new ReadmeCommands(await pagesWithCommands(folder), { folder, environment });
    });
    after(async () => {
        await execa("lab/lab", ["down", "demo"], { cwd: folder, reject: false });
        await rm(place, { recursive: true, force: true });
    });

    test("make demo-server ends with an address that answers, and changes nothing the second time", async () => {
        const report = (await readme.shell("make demo-server")).stdout;
        const [line = ""] = /curl --cacert .*/.exec(report) ?? [];
        const { stdout: status } = await readme.shell(`${line} -s -o /dev/null -w '%{http_code}'`);
        assert.equal(status, "200");

        const [password = ""] = /\.\/pulumi stack output dashboardPassword .*/.exec(report) ?? [];
        assert.match((await readme.shell(password)).stdout, /^\w{20}$/);
        const [logs = ""] = /lab\/lab ssh .* logs -f/.exec(report) ?? [];
        assert.match((await readme.shell(`timeout 5 ${logs} || test $? = 124`)).stdout, /web/);

        const again = await readme.shell("make demo-server");
        assert.match(again.stdout, /Resources:\s+22 unchanged/);
    });

    test("make demo, where there is a Docker engine, ends with an address of this machine that answers", async () => {
        laptop = await laptopOf("demo", folder);
        const here = readme.inHandsOf(laptop);
        const report = await here.run("make demo");
        const [, address = ""] = /^(http:\/\/localhost:\d+) is up/m.exec(report) ?? [];
        assert.equal((await here.shell(answerOf(address))).stdout, "200");
        const again = await here.shell("make demo");
        assert.match(again.stdout, /Resources:\s+\d+ unchanged\n/);
        const [logs = ""] = /docker compose .* logs -f/.exec(report) ?? [];
        assert.match((await here.shell(`timeout 5 ${logs} web || test $? = 124`)).stdout, /gunicorn/);
        await here.shell("make demo-down");
        assert.equal((await here.shell(`${answerOf(address)} || true`)).stdout, "000");
    });

    test("an experiment of one's own on one's own machine: set up, open, look at its logs, destroy", async () => {
        const here = readme.inHandsOf(laptop);
        const secret = "export PULUMI_CONFIG_PASSPHRASE=secret;";
        const pulumi = async (command: string, options = "") =>
            await here.run(command, { "./pulumi": `${secret} ./pulumi`, "--stack try": `--stack try ${options}` });
        await here.run("cp stacks/Pulumi.example-local.yaml stacks/Pulumi.try.yaml");
        await edit(join(laptop.folder, "stacks/Pulumi.try.yaml"), {
            "experiment.path": "examples/recall",
            "experiment.name": "own",
            "experiment.on": "local",
            "experiment.image.base": laptop.environment.DALLINGER_DEMO_BASE ?? "",
            "settings.threads": "1",
        });
        await pulumi("./pulumi stack init try");
        await pulumi("./pulumi up --stack try", "--yes");
        // What stands for a browser writes down where it is sent.
        await writeFile(join(laptop.folder, "browser"), `#!/bin/sh\necho "$1" >>${laptop.folder}/opened\n`, {
            mode: 0o700,
        });
        const opened = await here.run("./ops/dallinger open --stack try", {
            "./ops": `${secret} export BROWSER=${laptop.folder}/browser; ./ops`,
        });
        assert.match(opened, /^dashboard {2}http:\/\/localhost:\d+\/dashboard {2}user admin {2}password \w{20}$/m);
        const [, participant = ""] = /^opened (\S+)$/m.exec(opened) ?? [];
        await within(
            10,
            async () => (await readFile(join(laptop.folder, "opened"), "utf8").catch(() => "")) === `${participant}\n`,
        );
        assert.equal((await here.shell(answerOf(participant))).stdout, "302");
        const followed = await here.run("./ops/dallinger logs --follow --stack try", {
            "./ops": `${secret} timeout 60 ./ops`,
            "--stack try":
                "--stack try >followed & until grep -s gunicorn followed || ! kill -0 $!; do sleep 0.2; done; kill $!",
        });
        assert.match(followed, /gunicorn/);
        await pulumi("./pulumi destroy --stack try", "--yes");
        assert.match((await here.shell("ls backups/own-*/*")).stdout, /database\.dump/);
    });

    test("a server of one's own: set up, preview, up, update, fetch backups, destroy", async () => {
        await readme.shell("lab/lab server add demo own --equipped");
        const lab = await readLab(folder, "demo");
        const own = lab.servers.find(({ name }) => name === "own");
        assert.ok(own);
        const inLab = `eval "$(lab/lab env demo)"; export PULUMI_CONFIG_PASSPHRASE=secret;`;
        const pulumi = async (command: string, answer = "") =>
            await readme.run(
                command,
                { "./pulumi": `${inLab} lab/lab run demo ./pulumi`, "./ops": `${inLab} ./ops` },
                answer,
            );

        await readme.run("make setup");
        await readme.run("cp stacks/Pulumi.example-both.yaml stacks/Pulumi.lab1.yaml");
        const scanned = await readme.run("ssh-keyscan -t ed25519 SERVER", { SERVER: own.address });
        assert.ok(scanned.includes(own.hostKey));
        const shown = await readme.run("./ops/dallinger hostkey SERVER", { SERVER: own.address });
        assert.ok(shown.endsWith(`config set --path 'dallinger:server.hostKey' '${own.hostKey}'`), shown);
        await edit(join(folder, "stacks/Pulumi.lab1.yaml"), {
            ...exampleConfiguration(lab, own),
            "experiment.name": "own",
        });

        await pulumi("./pulumi stack init lab1");
        assert.match(await pulumi("./ops/dallinger files"), /^name \S+\/recall:[0-9a-f]{8}$/m);
        assert.match(await pulumi("./pulumi preview"), /Resources:\s+\+ 22 to create/);
        await pulumi("./pulumi config set --path 'dallinger:settings.recruiter' hotair");
        await pulumi("./pulumi config set --secret --path 'dallinger:secrets.prolific_api_token'", "a token\n");
        await readme.run("./pulumi up", { "./pulumi up": `${inLab} lab/lab run demo ./pulumi up --yes` });
        assert.match(await pulumi("./pulumi stack output"), /https:\/\/own\./);
        assert.match(await pulumi("./pulumi stack output dashboardPassword --show-secrets"), /^\w{20}$/);

        assert.match(await pulumi("./ops/dallinger status"), /^own +running$.*\n\nall is as it should be$/ms);
        assert.match(await pulumi("./ops/dallinger logs web"), /^\S+Z web-1 \| .*gunicorn/m);
        await pulumi("./ops/dallinger logs --since 2h --grep ERROR");
        assert.match(
            await pulumi("./ops/dallinger stats --once"),
            /^CONTAINER +OF A PROCESSOR +MEMORY +REQUESTS\/S +NETWORK .*\n(.+\n)*dlgr-app-own-web-1 {2,}\S+% +\S+ \/ \S+ +[\d.]+ +\S+ \/ \S+$/m,
        );
        assert.match(await pulumi("./ops/dallinger exec web -- python3 --version"), /^Python 3\.\d+/);
        const atTerminal = {
            "./ops/dallinger shell worker": `${inLab} script -qec './ops/dallinger shell worker' /dev/null`,
        };
        assert.match(
            await readme.run("./ops/dallinger shell worker", atTerminal, "echo it-is-$((40 + 2)); exit\n"),
            /it-is-42/,
        );
        assert.match(await pulumi("./ops/dallinger psql", "SELECT current_user;\n"), /app_own/);
        assert.equal(await pulumi("./ops/dallinger psql -- -At -c 'SELECT count(*) FROM participant'"), "0");
        assert.match(await pulumi("./ops/dallinger launch"), /^launched at \S+Z\n/);
        assert.match(await pulumi("./ops/dallinger prune"), /^there is nothing to remove$|^WHAT +NAME +SIZE\n/);
        const unasked = { "./ops/dallinger restart": `${inLab} ./ops/dallinger restart --yes` };
        assert.match(await readme.run("./ops/dallinger restart", unasked), /^restarted web worker/);
        const apps = await pulumi("./ops/dallinger apps");
        assert.match(
            apps,
            /^own +running +own\.\S+ +[0-9a-f]{12} +sha256:[0-9a-f]{12} +\S+Z +lab1 +none +\S+ MB +\S+ [kM]B$/m,
        );
        // The demo's stack has another passphrase.
        const servers = await readme.run("./ops/dallinger servers", {
            "./ops/dallinger servers": `${inLab} ./ops/dallinger servers || test $? = 3`,
        });
        assert.match(servers, new RegExp(`^lab1 +${own.address} +answers +\\S+ +\\S+ of \\d+ .* own$`, "m"));
        const [exported = ""] = (await pulumi("./ops/dallinger export --anonymize both")).split("\n").slice(-1);
        assert.match(exported, /\/exports\/own\/\d{8}T\d{6}Z$/);
        assert.deepEqual((await readdir(exported)).toSorted(), ["anonymous", "regular"]);
        assert.match(await pulumi("./ops/dallinger --help"), /What runs where:/);
        assert.match(await pulumi("./ops/dallinger complete bash"), /^# bash completion/);
        assert.match(
            await pulumi("./ops/dallinger check"),
            /^the server \S+ is as the stack has it\nown is on its server as the stack has it$/,
        );
        await readme.shell(
            `${inLab} lab/lab run demo ./pulumi config set --path 'dallinger:settings.title' 'Another title'`,
        );
        await readme.shell(`${inLab} lab/lab run demo ./pulumi up --yes`);
        // The web of the release before is in it with another name.
        assert.match(await pulumi("./ops/dallinger logs --release all"), /^\S+Z web-[0-9a-f]{12} \| .*gunicorn/m);
        const [, now = "", before = ""] = (await pulumi("./ops/dallinger releases")).split("\n");
        assert.match(now, / {2}serves$/);
        assert.match(
            await pulumi("./ops/dallinger rollback"),
            new RegExp(`goes back to release ${before.slice(0, 12)} `),
        );
        assert.match(await pulumi("./ops/dallinger forward"), /what its other blocks say again/);
        assert.match(await pulumi("./ops/dallinger timings"), /^release +\d+\.\d\d +starting web and workers/m);
        const recorded = await pulumi("./ops/dallinger record-image");
        assert.match(recorded, /^examples\/recall\/config\.txt has docker_image_name = \S+@sha256:[0-9a-f]{64}$/);
        assert.match(await pulumi("./ops/dallinger mend"), /the next `\.\/pulumi up` brings the app/);

        const meanings = (await pulumi("./ops/dallinger resolve services")).split("\n");
        for (const line of meanings) assert.match(line, /^\w+: \S+ means the image that runs$/);

        assert.match(await pulumi("./ops/dallinger backups make"), /^own\/\d{8}T\d{6}Z$/m);

        // The app goes, its backups are fetched, then the server can go.
        const refused = await readme.shell(`${inLab} lab/lab run demo ./pulumi destroy --yes || true`);
        assert.match(refused.all, /backups that exist only on this server: own\//);
        assert.match(
            await pulumi("./ops/dallinger backups list"),
            /^BACKUP +KIND +SIZE +COPY\nown\/\S+ +manual +\S+ .?B +only on the server\nown\/\S+ +final +\S+ .?B +only on the server$/,
        );
        await pulumi("./ops/dallinger backups fetch");
        await readme.run("./pulumi destroy", {
            "./pulumi destroy": `${inLab} lab/lab run demo ./pulumi destroy --yes`,
        });
    });

    test("make demo-down takes the demo away", async () => {
        await readme.shell("make demo-down");
        const { stdout } = await readme.shell("lab/lab status 2>&1");
        assert.doesNotMatch(stdout, /lab demo/);
    });

    test("every command there has been run", () => {
        assert.deepEqual(
            [...readme.remaining].filter((command) => !runByCaller.includes(command)),
            [],
        );
    });
});

/** A reader at a lab's laptop, with a checkout that the engine there sees. */
async function laptopOf(lab: string, project: string): Promise<Reader> {
    const { stdout } = await execa("lab/lab", ["laptop", lab], { cwd: project });
    const [, shared = ""] = /^export TMPDIR=(.*)$/m.exec(stdout) ?? [];
    const folder = join(await mkdtemp(join(shared, "readme-")), "dallinger");
    await copyTree(folder);
    const { images } = await readLab(project, lab);
    const environment = { XDG_DATA_HOME: join(folder, "../data"), DALLINGER_DEMO_BASE: images.python };
    // The laptop stands for another machine: it knows nothing of the labs of this one.
    const labs = `DALLINGER_LAB_DIR=${join(folder, "../labs")}`;
    return { folder, environment, shell: [join(project, "lab/lab"), "laptop", lab, "env", labs, "sh", "-c"] };
}

/** The tree as a clone of it would be, with its packages. */
async function copyTree(folder: string): Promise<void> {
    const files = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
        cwd: checkout,
    });
    const there = files.stdout.split("\0").filter((file) => file !== "");
    await execa("mkdir", [folder]);
    await execa("tar", ["--ignore-failed-read", "-cf", `${folder}.tar`, ...there], { cwd: checkout });
    await execa("tar", ["-xf", `${folder}.tar`], { cwd: folder });
    // `make test` has just installed them by the same rule; links, so that nothing here can change them there.
    await execa("cp", ["-al", join(checkout, "node_modules"), folder]);
}

/** Prints the status of an address. */
function answerOf(address: string): string {
    return `curl -s -o /dev/null -w '%{http_code}' '${address}'`;
}

/** What a reader does in an editor: the values of paths below `dallinger:` in place of the example's. */
async function edit(file: string, values: Readonly<Record<string, string>>): Promise<void> {
    const config: Record<string, unknown> = {};
    for (const [path, value] of Object.entries(values)) {
        const keys = path.split(".");
        let block = config;
        for (const key of [`dallinger:${keys[0]}`, ...keys.slice(1, -1)]) {
            block[key] ??= {};
            block = block[key] as Record<string, unknown>;
        }
        block[keys.at(-1) ?? ""] = value;
    }
    const example = parse(await readFile(file, "utf8"));
    await writeFile(file, stringify({ ...example, config }));
}
