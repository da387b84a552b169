import { basename } from "node:path";
import { isSensitive } from "../../configuration/settings/dallingerKeys.ts";

/** A sign by which a file is known to hold what must not get into an image. */
export interface SensitiveSign {
    /** Where it is looked for: in the file's name, or in its content, each byte of which is taken for a character. */
    readonly in: "name" | "content";
    readonly expression: RegExp;
    /** Names of the files in whose content it counts. Defaults to all. */
    readonly names?: RegExp;
    /** The rest of a sentence that starts with the file's path. */
    readonly reason: string;
}

const FOR_SECRETS = "is a file for passwords, tokens or keys";

/** Names whose files hold passwords, tokens or keys whatever is in them. */
const SENSITIVE_NAMES: readonly RegExp[] = [
    /^\.env(\.(?!example$|sample$|template$|dist$).*)?$/,
    /^\.(netrc|pgpass|pypirc|git-credentials|htpasswd|token)$/,
    /^id_(rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)$/,
    /\.(p12|pfx|jks|ppk|kdbx|token)$/,
];

/** Also inside a JSON text, where line ends are written as `\n`. */
const PRIVATE_KEY =
    /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\\n[A-Za-z0-9+/]{16}/m;

/** Tokens that say themselves what they are, by whom gives them out. */
const TOKENS: readonly (readonly [string, RegExp])[] = [
    ["GitHub", /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b/],
    ["GitLab", /\bglpat-[A-Za-z0-9_-]{20}/],
    ["Amazon", /\bAKIA(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}\b/],
    ["Slack", /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/],
];

/** Files that name addresses to install from: a password in one would be in the image. */
const ADDRESS_FILES =
    /^((requirements|constraints).*\.(txt|in)|pip\.conf|pyproject\.toml|\.gitmodules|(.*\.)?Dockerfile|prepare_docker_image\.sh)$/;

/** `https://user:password@host`; a variable in the password's place is none. */
const PASSWORD_IN_ADDRESS = /:\/\/[^\s/:@"']*:(?!\$)[^\s/@"']+@/;

/** Signs of keys, tokens and passwords, whatever a file is for. The first that is seen says why. */
export const SENSITIVE_SIGNS: readonly SensitiveSign[] = [
    ...SENSITIVE_NAMES.map((expression) => ({ in: "name", expression, reason: FOR_SECRETS }) as const),
    { in: "content", expression: PRIVATE_KEY, reason: "holds a private key" },
    ...TOKENS.map(([giver, expression]) => {
        return { in: "content", expression, reason: `holds an access token of ${giver}` } as const;
    }),
    {
        in: "content",
        expression: PASSWORD_IN_ADDRESS,
        names: ADDRESS_FILES,
        reason: "has an address with a password in it",
    },
];

/** Bytes of a file that are looked at. */
const LOOKED_AT = 16 * 1024 * 1024;

/** Says why a file must not get into an image, as the rest of a sentence that starts with its path; nothing if it may. */
export function sensitiveReason(path: string, content: Buffer): string | undefined {
    const reason = keyReason(path, content);
    if (reason !== undefined) return reason;
    return basename(path) === ".dallingerconfig" ? FOR_SECRETS : settingReason(path, content);
}

/**
 * The same for a file of a checkout of Dallinger. Its defaults set what is sensitive by name, to what everybody knows; and it has a
 * `.dallingerconfig` for researchers to begin with, in which no value stands yet.
 */
export function sensitiveReasonInDallinger(path: string, content: Buffer): string | undefined {
    const reason = keyReason(path, content);
    return reason === undefined && basename(path) === ".dallingerconfig" ? settingReason(path, content) : reason;
}

function settingReason(path: string, content: Buffer): string | undefined {
    const setting = sensitiveSetting(basename(path), textOf(content));
    return setting === undefined ? undefined : `sets ${setting}, which is sensitive by its name`;
}

function keyReason(path: string, content: Buffer): string | undefined {
    const name = basename(path);
    const text = textOf(content);
    const seen = SENSITIVE_SIGNS.find(({ in: where, expression, names }) => {
        return (names?.test(name) ?? true) && expression.test(where === "name" ? name : text);
    });
    return seen?.reason;
}

/** Latin 1 reads any bytes: what is looked for is ASCII. Nobody writes a key behind that much of something else. */
function textOf(content: Buffer): string {
    return content.subarray(0, LOOKED_AT).toString("latin1");
}

/** Copies and variants of Dallinger's settings files; config.txt itself is never in an image. */
const DALLINGER_SETTINGS = /config[^/]*\.txt(\W.*)?$|dallinger_?config/i;

/** Other files of settings, one a line. Files of data are none: in those, `token` is a word of a text as often as not. */
const OTHER_SETTINGS = /\.(ini|cfg|conf|properties)$/i;

/** What stands where a value would: nothing is given away by it. */
const PLACEHOLDER =
    /^(none|null|true|false|\?+|\*+|x+|\.+|…|change[-_ ]?me|<.*>|\$.*|%\(.*|\{.*|your.*|example.*|file:.*)$/i;

/** The name of a setting in a file of settings that is sensitive and has a value; nothing when there is none. */
function sensitiveSetting(fileName: string, text: string): string | undefined {
    const isDallingers = DALLINGER_SETTINGS.test(fileName);
    if (!isDallingers && !OTHER_SETTINGS.test(fileName)) return undefined;
    for (const line of text.split(/\r\n|\r|\n/)) {
        const [, name = "", value = ""] = /^\s*([A-Za-z][\w.-]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
        const given = value.replace(/^(["'])(.*)\1$/, "$2").trim();
        if (given === "" || PLACEHOLDER.test(given)) continue;
        if (isDallingers ? isSensitive(name) : isSensitive(name) && hasSensitiveWord(name)) return name;
    }
    return undefined;
}

/** `tokenizer` is not a token. */
function hasSensitiveWord(name: string): boolean {
    const words = name.toLowerCase().split(/[^a-z0-9]+/);
    return /access_(id|key)|database_url/i.test(name) || words.some((word) => /^(password|secret|token)$/.test(word));
}

/** Signs of a file of settings, by its name: whether it holds one that is sensitive, {@link sensitiveReason} knows. */
export const SETTINGS_FILES: readonly RegExp[] = [DALLINGER_SETTINGS, OTHER_SETTINGS, /^\.dallingerconfig$/];
