/** Types of settings: Dallinger's, and `json` for a text that Dallinger parses as JSON. */
export type SettingType = "str" | "int" | "float" | "bool" | "json";

/**
 * Who reads a key.
 * `app`: a deployed app, so it is sent to its containers. `program`: this program, which acts on it.
 * `deployment`: the app, but its value is decided here. `elsewhere`: Dallinger's own command line, Heroku or a developer's
 * machine, so it is known and not sent.
 */
export type Reader = "app" | "program" | "deployment" | "elsewhere";

/** A key of Dallinger's configuration. */
export interface DallingerKey {
    readonly name: string;
    readonly type: SettingType;
    readonly reader: Reader;
    /** Other names that Dallinger accepts. */
    readonly synonyms: readonly string[];
    /** Name in the containers' environment; the key's own but for a few. */
    readonly environment: string;
}

type More = { readonly synonyms?: readonly string[]; readonly environment?: string };

const readBy =
    (reader: Reader) =>
    (name: string, type: SettingType, { synonyms = [], environment = name }: More = {}): DallingerKey => {
        return { name, type, reader, synonyms, environment };
    };
const app = readBy("app");
const program = readBy("program");
const deployment = readBy("deployment");
const elsewhere = readBy("elsewhere");

/** The keys of Dallinger 12.4. */
export const DALLINGER_KEYS: readonly DallingerKey[] = [
    app("ad_group", "str"),
    app("allow_repeat_worker_ids", "bool"),
    app("approve_requirement", "int"),
    app("assign_qualifications", "bool"),
    app("auto_recruit", "bool"),
    // Upper case in the containers: Dallinger takes either, but boto3 in an experiment's own code only this one.
    app("aws_access_key_id", "str", { synonyms: ["AWS_ACCESS_KEY_ID"], environment: "AWS_ACCESS_KEY_ID" }),
    app("aws_region", "str", {
        synonyms: ["AWS_REGION", "AWS_DEFAULT_REGION", "aws_default_region"],
        environment: "AWS_DEFAULT_REGION",
    }),
    app("aws_secret_access_key", "str", { synonyms: ["AWS_SECRET_ACCESS_KEY"], environment: "AWS_SECRET_ACCESS_KEY" }),
    app("base_payment", "float"),
    deployment("base_port", "int"),
    app("browser_exclude_rule", "str"),
    elsewhere("chrome-path", "str"),
    program("clock_on", "bool"),
    app("contact_email_on_error", "str"),
    elsewhere("dallinger_develop_directory", "str"),
    app("dallinger_email_address", "str"),
    app("dashboard_password", "str"),
    // Dallinger counts the name as sensitive; here it is a plain output, so it may stand among the settings.
    app("dashboard_user", "str"),
    elsewhere("database_size", "str"),
    deployment("database_url", "str"),
    app("debug_recruiter", "str"),
    app("description", "str"),
    app("disable_browser_autotranslate", "bool"),
    app("disable_when_duration_exceeded", "bool"),
    deployment("docker_image_base_name", "str"),
    deployment("docker_image_name", "str"),
    deployment("docker_volumes", "str"),
    elsewhere("docker_worker_cpu_shares", "int"),
    app("duration", "float"),
    elsewhere("dyno_type", "str"),
    elsewhere("dyno_type_web", "str"),
    elsewhere("dyno_type_worker", "str"),
    elsewhere("ec2_default_pem", "str"),
    elsewhere("ec2_default_security_group", "str"),
    elsewhere("enable_global_experiment_registry", "bool"),
    // Read from the environment only, and in this case only.
    app("EXPERIMENT_CLASS_NAME", "str"),
    app("group_name", "str"),
    deployment("heroku_app_id_root", "str"),
    elsewhere("heroku_auth_token", "str"),
    elsewhere("heroku_python_version", "str"),
    elsewhere("heroku_region", "str"),
    elsewhere("heroku_team", "str", { synonyms: ["team"] }),
    deployment("host", "str"),
    deployment("id", "str"),
    elsewhere("infrastructure_debug_details", "str"),
    app("keywords", "str"),
    app("language", "str"),
    app("lifetime", "int"),
    app("lock_table_when_creating_participant", "bool"),
    deployment("logfile", "str"),
    app("loglevel", "int"),
    app("loglevel_worker", "int"),
    app("mode", "str"),
    app("mturk_qualification_blocklist", "str", { synonyms: ["qualification_blacklist"] }),
    app("mturk_qualification_requirements", "json"),
    elsewhere("num_dynos_web", "int"),
    program("num_dynos_worker", "int"),
    app("organization_name", "str"),
    deployment("port", "int", { synonyms: ["PORT"] }),
    app("prolific_api_token", "str", { synonyms: ["PROLIFIC_RESEARCHER_API_TOKEN"] }),
    app("prolific_api_version", "str"),
    app("prolific_completion_codes", "json"),
    app("prolific_completion_config", "json"),
    app("prolific_estimated_completion_minutes", "int"),
    app("prolific_is_custom_screening", "bool"),
    app("prolific_maximum_allowed_minutes", "int"),
    app("prolific_project", "str"),
    app("prolific_recruitment_config", "json"),
    app("prolific_workspace", "str"),
    app("protected_routes", "json"),
    app("publish_experiment", "bool"),
    app("question_max_length", "int"),
    app("recruiter", "str"),
    app("recruiters", "str"),
    elsewhere("redis_size", "str"),
    elsewhere("replay", "bool"),
    elsewhere("sentry", "bool"),
    elsewhere("server_pem", "str"),
    app("smtp_host", "str"),
    app("smtp_password", "str", { synonyms: ["dallinger_email_password"] }),
    app("smtp_username", "str"),
    app("threads", "str"),
    app("title", "str"),
    app("us_only", "bool"),
    // Workers read these two, but only for the recruiter `bots`.
    app("webdriver_type", "str"),
    app("webdriver_url", "str"),
    app("whimsical", "bool"),
    app("worker_multiplier", "float"),
];

const BY_NAME = new Map(
    DALLINGER_KEYS.flatMap((key) => [key.name, ...key.synonyms].map((name) => [name, key] as const)),
);
const BY_FOLDED_NAME = new Map([...BY_NAME].map(([name, key]) => [name.toLowerCase(), key] as const));

/** The key with that name or synonym, in the case in which Dallinger reads it from the environment. */
export function findDallingerKey(name: string): DallingerKey | undefined {
    return BY_NAME.get(name);
}

/** The key with that name or synonym in any case: reading config.txt, Dallinger turns names into lower case. */
export function findFoldedDallingerKey(name: string): DallingerKey | undefined {
    return BY_NAME.get(name) ?? BY_FOLDED_NAME.get(name.toLowerCase());
}

const IMAGE = "comes from dallinger:experiment.image";
const OWN_SERVICES = "is set by the deployment: each app gets a database, a role and a Redis of its own";

/** Names that cannot be set, and who sets them instead, as a sentence without its subject. */
const DECIDED: ReadonlyMap<string, string> = new Map([
    ["base_port", "is set by the deployment: the app listens inside its container only"],
    ["database_url", OWN_SERVICES],
    ["docker_image_base_name", `${IMAGE}; where that names no repository, config.txt does`],
    ["docker_image_name", IMAGE],
    ["docker_volumes", "is not available: what an experiment saves in /var/lib/dallinger is kept and backed up"],
    ["heroku_app_id_root", "is set by the deployment: pages of the dashboard want it"],
    ["host", "is set by the deployment: the app must listen on all addresses of its container"],
    ["id", "is set by the deployment: one id for the whole life of the app"],
    ["logfile", "is set by the deployment: the app logs to its standard output"],
    ["port", "is set by the deployment: only Caddy reaches the app"],
    // No keys of Dallinger's, but variables that it reads from a container's environment.
    ["CREATOR", "is set by the deployment"],
    ["DALLINGER_UID", "is set by the deployment"],
    ["DATABASE_URL", OWN_SERVICES],
    ["FLASK_SECRET_KEY", "is generated by the deployment and kept"],
    ["HOME", "is set by the deployment"],
    ["HOST", "is set by the deployment"],
    ["PORT", "is set by the deployment"],
    ["REDIS_URL", OWN_SERVICES],
]);

/** Who decides a key that cannot be set, as a sentence without its subject; nothing for a key that can. */
export function decidedByDeployment(name: string): string | undefined {
    return DECIDED.get(name);
}

/** Parts of a name that make it sensitive for Dallinger. */
const SENSITIVE_PARTS = ["access_id", "access_key", "password", "secret", "token"] as const;

/** Whether a setting is a secret by its name; a synonym is as sensitive as the key it stands for. */
export function isSensitive(name: string): boolean {
    const names = [name, findFoldedDallingerKey(name)?.name ?? name].map((text) => text.toLowerCase());
    return names.some((text) => text === "database_url" || SENSITIVE_PARTS.some((part) => text.includes(part)));
}

/** What is wrong with the name of a setting of the experiment's own, which becomes a variable of its containers. */
export function wrongOwnKey(key: string): string | undefined {
    const known = findFoldedDallingerKey(key);
    if (known !== undefined) return `is Dallinger's own key ${known.name}, whose type is known: leave it out here`;
    if (!/^[A-Za-z_][\w.-]*$/.test(key)) return "must be a name of letters, digits, underscores, hyphens and dots";
    // Upper-case names are those of the system (PATH, HOME, PYTHONPATH); Python's HTTP clients read *_proxy.
    if (!/[a-z]/.test(key)) return "must hold a lower-case letter: variables in upper case belong to the system";
    if (/_proxy$/i.test(key)) return "would change how the app reaches the network: another name is needed";
    return undefined;
}

/** Type of a setting of the experiment's own, by Python's name. */
export type ParameterType = "str" | "int" | "float" | "bool";
