import { shown } from "../checking/blockProblems.ts";
import { configurationPath, setCommand, setSecretCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { BROWSER_EXAMPLE } from "../checking/serviceImages.ts";
import type { CastSetting } from "./castSetting.ts";
import { findRecruiter, isRecruiterName, listedRecruiters, recruiterWarnings } from "./recruiters.ts";
import type { SettingSources } from "./settingLayers.ts";

/** Modes of Dallinger: `live` recruits and pays, `sandbox` is for trials, `debug` has no recruiting at all. */
const MODES = ["debug", "sandbox", "live"] as const;

/** Mode of Dallinger. */
type Mode = (typeof MODES)[number];

/** The settings, by name, whose values could be cast. */
type Settings = ReadonlyMap<string, CastSetting>;

/** What is wrong with the settings beyond their types. */
export interface CheckedRules {
    readonly problems: readonly Problem[];
    /** What may be meant so, and is more often a slip. */
    readonly warnings: readonly Problem[];
}

/** What is wrong with a value, and another one that is right; or what else puts it right. */
type Wrong = { readonly wrong: string } & ({ readonly example: string } | { readonly fix: string });

type ValueRule = (cast: CastSetting["cast"]) => Wrong | undefined;

/** Values that Dallinger takes and then dies on, or that would not do what was meant, by key. */
const VALUE_RULES: ReadonlyMap<string, ValueRule> = new Map(
    Object.entries<ValueRule>({
        mode: (mode) =>
            isMode(mode) ? undefined : { wrong: `must be one of ${MODES.join(", ")}`, example: "sandbox" },
        recruiter: checkRecruiterName,
        debug_recruiter: checkRecruiterName,
        contact_email_on_error: (address) =>
            String(address).includes("@")
                ? undefined
                : { wrong: "must be an e-mail address", example: "it@lab.example" },
        num_dynos_worker: (count) =>
            typeof count === "number" && count >= 1 && count <= 100
                ? undefined
                : { wrong: "must be from 1 to 100", example: "1" },
        loglevel: checkLogLevel,
        loglevel_worker: checkLogLevel,
        threads: (threads) =>
            /^(auto|[1-9]\d{0,3})$/.test(String(threads).trim())
                ? undefined
                : { wrong: "must be auto or a number from 1", example: "2" },
        recruiters: checkRecruiterList,
        protected_routes: (routes) =>
            String(routes).trim().startsWith("[")
                ? undefined
                : { wrong: "must be a list of routes in JSON", example: '["/info"]' },
    }),
);

/**
 * Checks values and combinations; `names` are all keys that were given, also those refused: they are not missing. `place` says where
 * the experiment runs.
 */
export function checkSettingRules(
    settings: Settings,
    names: ReadonlySet<string>,
    place: Pick<SettingSources, "isLocal" | "hasBrowser"> = {},
): CheckedRules {
    const rules = rulesOf(place);
    const problems = [...settings.values()].flatMap((setting) => checkValue(setting, rules));
    const given = (name: string) => names.has(name);
    for (const [name, message, example] of REQUIRED) {
        const path = configurationPath("settings", name);
        if (!given(name)) problems.push({ path, message, fix: setCommand(path, example) });
    }
    const mode = settings.get("mode")?.cast;
    const recruiter = String(settings.get("recruiter")?.cast ?? "").trim();
    const warnings = recruiterWarnings(settings);
    // One of the two that is not right is a problem already.
    if (isMode(mode) && recruiter !== "") {
        problems.push(...checkCredentials(mode, recruiter, given), ...checkRecruiting(recruiter, settings, given));
    }
    return { problems, warnings };
}

const REQUIRED = [
    ["mode", `is required, one of ${MODES.join(", ")}: a guess could cost money or publish a debug server`, "sandbox"],
    ["recruiter", `is required, for example hotair, prolific or mturk: a guess could cost money`, "hotair"],
] as const;

function checkValue(
    { name, cast, layer, path, override }: CastSetting,
    rules: readonly ReadonlyMap<string, ValueRule>[],
): Problem[] {
    const rule = rules.map((all) => all.get(name)?.(cast)).find((found) => found !== undefined);
    if (rule === undefined) return [];
    if ("fix" in rule) return [{ path, message: rule.wrong, fix: rule.fix }];
    if (layer === "secrets") return [{ path, message: rule.wrong, fix: setSecretCommand(path) }];
    return [{ path, message: `${rule.wrong}, not ${shown(cast)}`, fix: setCommand(override, rule.example) }];
}

/** The same for what an experiment on this machine cannot have. */
const LOCAL_RULES: ReadonlyMap<string, ValueRule> = new Map(
    Object.entries<ValueRule>({
        // The only mode in which nobody is recruited and paid.
        mode: (mode) =>
            mode === "debug" ? undefined : { wrong: "must be debug with experiment.on local", example: "debug" },
    }),
);

/** And where nothing is said of a browser, by which bots take part. */
const NO_BROWSER_RULES: ReadonlyMap<string, ValueRule> = new Map(
    Object.entries<ValueRule>({
        recruiter: (recruiter) => withoutBots([String(recruiter)]),
        recruiters: (list) => withoutBots(listedRecruiters(String(list))),
    }),
);

function rulesOf({ isLocal = false, hasBrowser = false }: Pick<SettingSources, "isLocal" | "hasBrowser">) {
    return [...(isLocal ? [LOCAL_RULES] : []), ...(isLocal && !hasBrowser ? [NO_BROWSER_RULES] : []), VALUE_RULES];
}

function withoutBots(recruiters: readonly string[]) {
    if (!recruiters.some((name) => findRecruiter(name.trim())?.nickname === "bots")) return undefined;
    const key = configurationPath("experiment", "local", "images", "browser");
    const wrong = `bots need a browser with experiment.on local: ${key} names an image with one and its driver, or is none where they need none`;
    return { wrong, fix: setCommand(key, BROWSER_EXAMPLE) };
}

function checkRecruiterName(value: CastSetting["cast"]) {
    if (isRecruiterName(String(value).trim())) return undefined;
    return { wrong: "must be the nickname or the class name of one recruiter", example: "hotair" };
}

function checkRecruiterList(value: CastSetting["cast"]) {
    const names = listedRecruiters(String(value));
    if (names.length > 0 && names.every(isRecruiterName)) return undefined;
    return { wrong: "must list recruiters with the number of participants of each", example: "bots: 5, mturk: 1" };
}

function checkLogLevel(level: CastSetting["cast"]) {
    if (typeof level === "number" && level >= 0 && level <= 4) return undefined;
    return { wrong: "must be 0 (debug), 1 (info), 2 (warning), 3 (error) or 4 (critical)", example: "1" };
}

/** Keys without which the launch fails; others may come from the experiment's class, these would be in its code then. */
const CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
    prolific: ["prolific_api_token"],
    mturk: ["aws_access_key_id", "aws_secret_access_key"],
    mturklarge: ["aws_access_key_id", "aws_secret_access_key"],
};

function checkCredentials(mode: Mode, recruiter: string, given: (name: string) => boolean): Problem[] {
    const nickname = findRecruiter(recruiter)?.nickname;
    // In debug mode Dallinger puts a recruiter that needs none in the place of these.
    if (mode === "debug" || nickname === undefined) return [];
    const missing = (CREDENTIALS[nickname] ?? []).filter((name) => !given(name));
    return missing.map((name) => {
        const path = configurationPath("secrets", name);
        return { path, message: `is required by the recruiter ${nickname}`, fix: setSecretCommand(path) };
    });
}

function checkRecruiting(recruiter: string, settings: Settings, given: (name: string) => boolean): Problem[] {
    const known = findRecruiter(recruiter);
    const publish = settings.get("publish_experiment");
    const problems: Problem[] = [];
    if (known?.publishesLater === false && publish?.cast === false) {
        problems.push({
            path: publish.path,
            message: `must be true: the recruiter ${known.nickname} cannot publish later`,
            fix: setCommand(publish.override, "true"),
        });
    }
    if (known?.nickname === "multi" && !given("recruiters")) {
        const path = configurationPath("settings", "recruiters");
        problems.push({
            path,
            message: "is required by the recruiter multi",
            fix: setCommand(path, "bots: 5, mturk: 1"),
        });
    }
    return problems;
}

/** Whether the value is one of Dallinger's modes. */
export function isMode(value: unknown): value is Mode {
    return MODES.some((mode) => mode === value);
}
