import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DALLINGER_KEYS } from "../../../../components/configuration/settings/dallingerKeys.ts";
import { files, problemAt, problemsOf, SETTINGS } from "../rawConfiguration.ts";

const CONFIG = "../recall/config.txt";
const config = (text: string) => files({ "config.txt": `[Parameters]\n${text}` });

suite("no app is ever given a key that is decided elsewhere", () => {
    for (const { name, reader } of DALLINGER_KEYS.filter((key) => key.reader === "deployment")) {
        test(name, () => {
            const problem = problemAt(`dallinger:settings.${name}`, { settings: { ...SETTINGS, [name]: "1" } });
            assert.match(problem?.message ?? "", /deployment|comes from|not available/, reader);
            assert.equal(problem?.fix, `pulumi config rm --path 'dallinger:settings.${name}'`);
        });
    }
});

/** Title, settings, config.txt, path of the problem, its message, its fix when it matters. */
const REFUSED: readonly (readonly [string, object, string, string, RegExp, string?])[] = [
    ["no mode", { mode: undefined, recruiter: "hotair" }, "", "dallinger:settings.mode", /no value/],
    [
        "no mode at all",
        { recruiter: "hotair" },
        "",
        "dallinger:settings.mode",
        /required, one of debug, sandbox, live/,
        "pulumi config set --path 'dallinger:settings.mode' sandbox",
    ],
    ["no recruiter", { mode: "live" }, "", "dallinger:settings.recruiter", /is required/],
    [
        "a mode that is none",
        { mode: "production" },
        "",
        "dallinger:settings.mode",
        /one of debug, sandbox, live, not "production"/,
    ],
    [
        "a recruiter that cannot be one",
        { recruiter: "hotair, prolific" },
        "",
        "dallinger:settings.recruiter",
        /nickname or the class name of one recruiter, not "hotair, prolific"/,
        "pulumi config set --path 'dallinger:settings.recruiter' hotair",
    ],
    [
        "a debug recruiter that cannot be one",
        { debug_recruiter: "1" },
        "",
        "dallinger:settings.debug_recruiter",
        /class name/,
    ],
    [
        "an unknown key",
        { recruter: "hotair" },
        "",
        "dallinger:settings.recruter",
        /did you mean "recruiter"\?/,
        "pulumi config rm --path 'dallinger:settings.recruter'\nor, if it is the experiment's own: pulumi config set --path 'dallinger:experiment.parameters.recruter' str",
    ],
    ["a key that only differs in case", { Title: "a" }, "", "dallinger:settings.Title", /did you mean "title"\?/],
    [
        "a truth value that is none",
        { clock_on: "None" },
        "",
        "dallinger:settings.clock_on",
        /true or false .*, not "None"/,
        "pulumi config set --path 'dallinger:settings.clock_on' true",
    ],
    [
        "a rounded number",
        { loglevel: 12345678901234567000 },
        "",
        "dallinger:settings.loglevel",
        /last digit/,
        "pulumi config set --type string --path 'dallinger:settings.loglevel' '<all its digits>'",
    ],
    ["a rounded text", { title: 1e21 }, "", "dallinger:settings.title", /last digit/],
    ["JSON that is none", { protected_routes: "/info" }, "", "dallinger:settings.protected_routes", /must be JSON/],
    [
        "routes that are no list",
        { protected_routes: "{}" },
        "",
        "dallinger:settings.protected_routes",
        /list of routes/,
    ],
    [
        "an address without @",
        { contact_email_on_error: "???" },
        "",
        "dallinger:settings.contact_email_on_error",
        /e-mail/,
    ],
    ["no workers", { num_dynos_worker: 0 }, "", "dallinger:settings.num_dynos_worker", /from 1 to 100, not 0/],
    ["a log level that Dallinger has not", { loglevel: 5 }, "", "dallinger:settings.loglevel", /0 \(debug\)/],
    ["web processes that are none", { threads: "many" }, "", "dallinger:settings.threads", /auto or a number/],
    [
        "recruiters that are none",
        { recruiters: "bots, mturk" },
        "",
        "dallinger:settings.recruiters",
        /number of participants/,
    ],
    [
        "the recruiter multi alone",
        { recruiter: "multi" },
        "",
        "dallinger:settings.recruiters",
        /required by the recruiter multi/,
    ],
    [
        "Prolific without token",
        { recruiter: "prolific" },
        "",
        "dallinger:secrets.prolific_api_token",
        /required by the recruiter prolific/,
        "pulumi config set --secret --path 'dallinger:secrets.prolific_api_token'",
    ],
    [
        "MTurk without keys",
        { recruiter: "MTurkRecruiter" },
        "",
        "dallinger:secrets.aws_secret_access_key",
        /required by the recruiter mturk/,
    ],
    [
        "a recruiter that cannot publish later",
        { publish_experiment: false },
        "",
        "dallinger:settings.publish_experiment",
        /hotair cannot publish later/,
    ],
    [
        "two names of one key",
        { aws_region: "a", AWS_REGION: "b" },
        "",
        "dallinger:settings.AWS_REGION",
        /same as aws_region/,
    ],
    ["a zero byte", { title: "a\0b" }, "", "dallinger:settings.title", /zero byte/],
    ["half a character", { title: "a\ud83d" }, "", "dallinger:settings.title", /half a character/],
    ["a text longer than a variable", { title: "a".repeat(131_066) }, "", "dallinger:settings.title", /131072 bytes/],
    ["a file that is not there", { title: "file:title.txt" }, "", "dallinger:settings.title", /cannot be read/],
    [
        "a file elsewhere",
        { title: "file:../../etc/hostname" },
        "",
        "dallinger:settings.title",
        /outside the experiment/,
    ],
    [
        "a file by absolute path",
        { title: "file:/etc/hostname" },
        "",
        "dallinger:settings.title",
        /outside the experiment/,
    ],
    ["the folder itself as a file", { title: "file:" }, "", "dallinger:settings.title", /outside the experiment/],
    [
        "a secret among the settings",
        { prolific_api_token: "hush" },
        "",
        "dallinger:settings.prolific_api_token",
        /belongs to the secrets/,
        "pulumi config set --secret --path 'dallinger:secrets.prolific_api_token'\npulumi config rm --path 'dallinger:settings.prolific_api_token'",
    ],
    [
        "a secret by a synonym",
        { dallinger_email_password: "hush" },
        "",
        "dallinger:settings.dallinger_email_password",
        /sensitive/,
        "pulumi config set --secret --path 'dallinger:secrets.smtp_password'\npulumi config rm --path 'dallinger:settings.dallinger_email_password'",
    ],
    [
        "a secret in config.txt",
        {},
        "AWS_Access_Key_Id = hush",
        `${CONFIG}: aws_access_key_id`,
        /cannot hold it/,
        "pulumi config set --secret --path 'dallinger:secrets.aws_access_key_id'\nand take it out of config.txt",
    ],
    [
        "the experiment's own secret in config.txt",
        {},
        "api_token = hush",
        `${CONFIG}: api_token`,
        /sensitive/,
        "pulumi config set --secret --path 'dallinger:secrets.api_token'\npulumi config set --path 'dallinger:experiment.parameters.api_token' str\nand take it out of config.txt",
    ],
    [
        "a wrong type in config.txt",
        {},
        "duration = long",
        `${CONFIG}: duration`,
        /must be a number, not "long"/,
        "pulumi config set --path 'dallinger:settings.duration' 1.5",
    ],
    ["a line of config.txt that is none", {}, "nonsense", `${CONFIG}: line 2`, /is neither/],
    ["volumes in config.txt", {}, "docker_volumes = /a:/b", `${CONFIG}: docker_volumes`, /\/var\/lib\/dallinger/],
    ["a key of config.txt that cannot be a variable", {}, "my key = 1", `${CONFIG}: my key`, /letters, digits/],
];

suite("settings are refused, with the path and what is allowed, for", () => {
    for (const [title, settings, configTxt, path, message, fix] of REFUSED) {
        test(title, () => {
            const complete =
                "mode" in settings || title.includes("no mode") || title === "no recruiter"
                    ? settings
                    : { ...SETTINGS, ...settings };
            const problem = problemAt(path, { settings: complete, readFile: config(configTxt) });
            assert.match(problem?.message ?? "", message);
            assert.doesNotMatch(JSON.stringify(problem), /hush/);
            if (fix !== undefined) assert.equal(problem?.fix, fix);
        });
    }

    test("values of secrets, without a word about the value", () => {
        const secrets = {
            us_only: "hush",
            threads: "hush",
            nothing: "hush",
            title: ["hush"],
            loglevel: "file:hush",
            id: "hush",
        };
        const text = JSON.stringify(problemsOf({ secrets }));
        for (const key of Object.keys(secrets))
            if (key !== "loglevel") assert.match(text, new RegExp(`secrets.${key}: `));
        assert.doesNotMatch(text, /hush/);
    });
});
