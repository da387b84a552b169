import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { check, EXPERIMENT, files, problemAt, problemsOf, SETTINGS, settingsOf } from "../rawConfiguration.ts";

const config = (text: string) => files({ "config.txt": `[Parameters]\n${text}` });

suite("settings", () => {
    test("come from config.txt, overridden by the stack's settings, overridden by its secrets", () => {
        const text = "[A]\nmode = debug\ntitle = one\ndescription = one\nkeywords = one\n[B]\nrecruiter = hotair";
        const settings = settingsOf({ mode: "live", title: "two", description: "two" }, { title: "three" }, text);
        assert.deepEqual(settings.environment, {
            description: "two",
            keywords: "one",
            mode: "live",
            recruiter: "hotair",
        });
        assert.deepEqual(settings.secretEnvironment, { title: "three" });
    });

    test("are cast, and given to the app as Dallinger reads them, sorted", () => {
        const given = {
            ...SETTINGS,
            us_only: "no",
            threads: 2,
            base_payment: "1.50",
            auto_recruit: true,
            lifetime: " 24 ",
        };
        const { environment } = settingsOf(given);
        const expected = {
            auto_recruit: "True",
            base_payment: "1.5",
            lifetime: "24",
            mode: "live",
            recruiter: "hotair",
            threads: "2",
            us_only: "False",
        };
        assert.deepEqual(environment, expected);
        assert.deepEqual(Object.keys(environment), Object.keys(expected));
    });

    test("reach the app unchanged whatever they hold", () => {
        const title = ' it\'s "$HOME" \\ `id`\n# = ; é ';
        assert.equal(settingsOf({ ...SETTINGS, title }).environment.title, title);
    });

    test("that are not set are not sent, nor are those that no deployed app reads", () => {
        const text =
            "[A]\ndatabase_size = standard-0\nnum_dynos_web = 2\nchrome-path = /x\nhost = 0.0.0.0\nlogfile = -\ndocker_volumes =";
        assert.deepEqual(settingsOf(SETTINGS, {}, text).environment, SETTINGS);
    });

    test("say how many workers run, and whether the clock does", () => {
        const { workers, clock, environment } = settingsOf({ ...SETTINGS, num_dynos_worker: 3, clock_on: "on" });
        assert.deepEqual([workers, clock, environment], [3, true, SETTINGS]);
        assert.deepEqual([settingsOf(SETTINGS).workers, settingsOf(SETTINGS).clock], [1, false]);
    });

    test("of Amazon go by the names that boto3 reads too", () => {
        const text = "[A]\naws_default_region = eu-west-1";
        const { environment, secretEnvironment } = settingsOf(
            SETTINGS,
            { aws_access_key_id: "a", AWS_SECRET_ACCESS_KEY: "b" },
            text,
        );
        assert.equal(environment.AWS_DEFAULT_REGION, "eu-west-1");
        assert.deepEqual(secretEnvironment, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
    });

    test("may name Dallinger's keys in another way, also in config.txt, which is read in lower case", () => {
        const text = "[A]\nEXPERIMENT_CLASS_NAME = Recall\nqualification_blacklist = a";
        const { environment } = settingsOf(SETTINGS, {}, text);
        assert.equal(environment.EXPERIMENT_CLASS_NAME, "Recall");
        assert.equal(environment.mturk_qualification_blocklist, "a");
    });

    test("of the experiment's own are texts when config.txt has them, and of the type that the stack says", () => {
        const experiment = { ...EXPERIMENT, parameters: { length: "int", voices: "str" } };
        const blocks = {
            experiment,
            settings: { ...SETTINGS, length: "12", story: true },
            readFile: config("story = 1\nlength = 5"),
        };
        assert.deepEqual(problemsOf(blocks), []);
        assert.match(
            problemAt("dallinger:settings.length", { ...blocks, settings: { ...SETTINGS, length: "long" } })?.message ??
                "",
            /whole number, not "long"/,
        );
    });

    test("of the experiment's own may have any name, also one that every object has", () => {
        const experiment = { ...EXPERIMENT, parameters: { constructor: "str" } };
        const { configuration } = check({ experiment, settings: { ...SETTINGS, constructor: "a" } });
        assert.equal(configuration?.settings?.environment.constructor, "a");
    });

    test("may stand in a file of the experiment", () => {
        const readFile = files({
            "config.txt": "[A]\ndescription = file:texts/ad.txt",
            "texts/ad.txt": "one\r\ntwo\n",
        });
        const experiment = { ...EXPERIMENT, parameters: {} };
        assert.deepEqual(problemsOf({ experiment, readFile }), []);
    });

    test("of type json may be maps and lists", () => {
        const { environment } = settingsOf({
            ...SETTINGS,
            prolific_recruitment_config: { filters: [] },
            protected_routes: ["/info"],
        });
        assert.equal(environment.prolific_recruitment_config, '{"filters":[]}');
        assert.equal(environment.protected_routes, '["/info"]');
    });

    for (const recruiter of ["hotair", "HotAirRecruiter", "LucidRecruiter"]) {
        test(`may name the recruiter ${recruiter}`, () =>
            assert.equal(settingsOf({ mode: "live", recruiter }).environment.recruiter, recruiter));
    }
});
