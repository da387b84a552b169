/** A configuration that is refused before anything is contacted. */
export interface RefusedConfiguration {
    /** What is wrong with it, after "refuses". */
    readonly title: string;
    /** What is set, by its path below `dallinger:`, on top of a configuration that is right. */
    readonly set: Readonly<Record<string, string>>;
    /** What the error says is wrong. */
    readonly wrong: string;
    /** The command that puts it right, as the error shows it; without one the sentence itself says what to do. */
    readonly fix?: string;
}

/** A token that no output may hold. */
export const misplacedToken = "a-token-that-nobody-may-read";

export const refusedConfigurations: readonly RefusedConfiguration[] = [
    {
        title: "an unknown setting",
        set: { "settings.recruter": "hotair" },
        wrong: 'dallinger:settings.recruter: is not a setting of Dallinger\'s, of config.txt or of experiment.parameters (did you mean "recruiter"?)',
        fix: "pulumi config rm --path 'dallinger:settings.recruter'",
    },
    {
        title: "a setting of a wrong type",
        set: { "settings.duration": "long" },
        wrong: 'dallinger:settings.duration: must be a number, not "long"',
        fix: "pulumi config set --path 'dallinger:settings.duration' 1.5",
    },
    {
        title: "a number that Pulumi has rounded",
        set: { "settings.title": "12345678901234567890" },
        wrong: "dallinger:settings.title: is a number that Pulumi cannot hold to the last digit; set it as a text",
        fix: "pulumi config set --type string --path 'dallinger:settings.title'",
    },
    {
        title: "a sensitive key among the settings",
        set: { "settings.prolific_api_token": misplacedToken },
        wrong: "dallinger:settings.prolific_api_token: is sensitive by its name: it belongs to the secrets",
        fix: "pulumi config set --secret --path 'dallinger:secrets.prolific_api_token'",
    },
    {
        title: "an invalid name of the app",
        set: { "experiment.name": "Recall_1" },
        wrong: 'dallinger:experiment.name: must be a DNS label of at most 40 characters: lower-case letters, digits, hyphens inside, not "Recall_1"',
        fix: "pulumi config set --path 'dallinger:experiment.name' recall",
    },
    {
        title: "a folder that holds no experiment",
        set: { "experiment.path": "examples/recal" },
        wrong: 'dallinger:experiment.path: names "examples/recal", where there is no experiment.py; paths are relative to Pulumi.yaml',
    },
];
