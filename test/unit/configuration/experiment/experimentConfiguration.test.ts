import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, EXPERIMENT, problemAt } from "../rawConfiguration.ts";

const experiment = (keys: object) => ({ experiment: { ...EXPERIMENT, ...keys } });
const alone = (keys: object) => ({ server: undefined, ...experiment(keys) });

/** Title, blocks, path of the problem, its message, its fix when it matters. */
const REFUSED: readonly (readonly [string, object, string, RegExp, string?])[] = [
    ["a name with capitals", experiment({ name: "Recall" }), "experiment.name", /DNS label.*not "Recall"/],
    ["a name that is too long", experiment({ name: "a".repeat(41) }), "experiment.name", /at most 40/],
    ["the name of the server's logs", experiment({ name: "logs" }), "experiment.name", /server itself/],
    ["a missing name", experiment({ name: undefined }), "experiment.name", /is required/],
    ["an absolute path", experiment({ path: "/srv/recall" }), "experiment.path", /relative to Pulumi.yaml/],
    ["a path into a home folder", experiment({ path: "~/recall" }), "experiment.path", /relative to Pulumi.yaml/],
    [
        "a folder without experiment",
        experiment({ path: "../other" }),
        "experiment.path",
        /"..\/other", where there is no experiment.py/,
    ],
    ["a missing path", experiment({ path: undefined }), "experiment.path", /is required with image.repository/],
    [
        "`on` beside a server",
        experiment({ on: { stack: "lab1" } }),
        "experiment.on",
        /left out beside a server block/,
        "pulumi config rm --path 'dallinger:experiment.on'",
    ],
    [
        "neither `on` nor a server",
        alone({}),
        "experiment.on",
        /is required/,
        "pulumi config set --path 'dallinger:experiment.on.stack' lab1   (or pulumi config set --path 'dallinger:experiment.on' local)",
    ],
    ["a stack's key that is misspelt", alone({ on: { stak: "lab1" } }), "experiment.on.stak", /did you mean.*stack/],
    ["heroku", alone({ on: "heroku" }), "experiment.on", /"heroku" is not available yet/],
    ["a stack outside its map", alone({ on: "lab1" }), "experiment.on", /\{ stack: lab1 \}, not "lab1"/],
    ["a stack's name that is none", alone({ on: { stack: "a/b/c/d" } }), "experiment.on.stack", /name of a stack/],
    [
        "a host name with scheme",
        experiment({ hostnames: ["https://a.b"] }),
        "experiment.hostnames[0]",
        /without scheme/,
    ],
    [
        "a schedule in words of one's own",
        experiment({ backup: { schedule: "every night" } }),
        "experiment.backup.schedule",
        /must be hourly, daily, weekly, or a calendar expression .* not "every night"/,
        "pulumi config set --path 'dallinger:experiment.backup.schedule' daily",
    ],
    [
        "a schedule of cron",
        experiment({ backup: { schedule: "0 3 * * *" } }),
        "experiment.backup.schedule",
        /calendar expression/,
    ],
    [
        "backups that are kept and not made",
        experiment({ backup: { keep: 3 } }),
        "experiment.backup.keep",
        /used only with experiment.backup.schedule/,
    ],
    [
        "no backup to be kept",
        experiment({ backup: { schedule: "daily", keep: { daily: 0 } } }),
        "experiment.backup.keep",
        /keeps nothing/,
    ],
    [
        "none of the last ones to be kept",
        experiment({ backup: { schedule: "daily", keep: 0 } }),
        "experiment.backup.keep",
        /whole number from 1 to 1000.*not 0/,
    ],
    [
        "backups kept by the year",
        experiment({ backup: { schedule: "daily", keep: { yearly: 1 } } }),
        "experiment.backup.keep.yearly",
        /not a known key/,
    ],
    [
        "a repository without encryption on its way",
        experiment({ backup: { repository: { url: "s3:http://s3.lab.example/backups" } } }),
        "experiment.backup.repository.url",
        /s3:https:\/\/HOST\/BUCKET\/PATH, or sftp:USER@HOST:\/PATH/,
    ],
    [
        "a repository that nobody can open",
        experiment({ backup: { repository: { url: "s3:https://s3.lab.example/backups" } } }),
        "experimentSecrets.backupAccessKeyId",
        /is required with a repository of s3/,
        "pulumi config set --secret --path 'dallinger:experimentSecrets.backupAccessKeyId'",
    ],
    [
        "a repository on a host whose key is not known",
        experiment({ backup: { repository: { url: "sftp:me@nas.lab.example:/backups", port: 2222 } } }),
        "experiment.backup.repository.hostKey",
        /`ssh-keyscan -t ed25519 -p 2222 nas.lab.example` prints what it shows/,
    ],
    [
        "a host key that was cut off",
        experiment({ backup: { repository: { url: "sftp:me@nas:/backups", hostKey: "ssh-ed25519 AAAA" } } }),
        "experiment.backup.repository.hostKey",
        /type and the base64 text/,
    ],
    [
        "a repository's secret without repository",
        { ...experiment({}), experimentSecrets: { backupPassword: "hush" } },
        "experimentSecrets.backupPassword",
        /used only with experiment.backup.repository/,
    ],
    [
        "a login of sftp for S3",
        {
            ...experiment({ backup: { repository: { url: "s3:https://s3.lab.example/b", port: 22 } } }),
            experimentSecrets: { backupPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----" },
        },
        "experimentSecrets.backupPrivateKey",
        /another repository than one of s3/,
    ],
    [
        "a folder outside of the repository's",
        experiment({ backup: { repository: { url: "sftp:me@nas:/../etc" } } }),
        "experiment.backup.repository.url",
        /sftp:USER@HOST/,
    ],
    ["a host name twice", experiment({ hostnames: ["a.b", "a.b"] }), "experiment.hostnames", /twice/],
    [
        "a parameter of no type",
        experiment({ parameters: { a: "text" } }),
        "experiment.parameters.a",
        /str, int, float or bool, not "text"/,
    ],
    [
        "a parameter that is Dallinger's",
        experiment({ parameters: { title: "str" } }),
        "experiment.parameters.title",
        /Dallinger's own key title/,
    ],
    [
        "a parameter of the system's",
        experiment({ parameters: { PYTHONPATH: "str" } }),
        "experiment.parameters.PYTHONPATH",
        /belong to the system/,
    ],
    [
        "a parameter that reroutes the app",
        experiment({ parameters: { https_proxy: "str" } }),
        "experiment.parameters.https_proxy",
        /reaches the network/,
    ],
    [
        "a parameter with spaces",
        experiment({ parameters: { "a b": "str" } }),
        'experiment.parameters["a b"]',
        /letters, digits/,
    ],
    ["memory without unit", experiment({ limits: { memory: "2" } }), "experiment.limits.memory", /512m or 2g/],
    [
        "a body without unit",
        experiment({ limits: { requestBody: "20" } }),
        "experiment.limits.requestBody",
        /20m or 1g/,
    ],
    ["no processors", experiment({ limits: { cpus: 0 } }), "experiment.limits.cpus", /above 0/],
    [
        "half a connection",
        experiment({ limits: { connections: 1.5 } }),
        "experiment.limits.connections",
        /whole number/,
    ],
    [
        "a timeout in words",
        experiment({ backup: { workersTimeout: "10m" } }),
        "experiment.backup.workersTimeout",
        /seconds/,
    ],
    [
        "an archive that is no backup",
        experiment({ archive: "a.zip" }),
        "experiment.archive",
        /name of a backup.*"a.zip"/,
    ],
    [
        "an app that has not left its server altogether",
        experiment({ archive: "leaving" }),
        "experiment.archive",
        /`\.\/ops\/dallinger leave` has begun and not ended: run it again/,
    ],
    [
        "no block at all",
        { server: undefined, experiment: null, settings: undefined },
        "server, dallinger:experiment",
        /neither is there/,
    ],
    ["settings without experiment", { experiment: undefined }, "settings", /belongs to an experiment/],
];

suite("an experiment is refused, with the path and what is allowed, for", () => {
    for (const [title, blocks, path, message, fix] of REFUSED) {
        test(title, () => {
            const problem = problemAt(`dallinger:${path}`, blocks);
            assert.match(problem?.message ?? JSON.stringify(check(blocks).problems), message);
            if (fix !== undefined) assert.equal(problem?.fix, fix);
        });
    }
});
