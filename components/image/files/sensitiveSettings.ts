import { isSensitive } from "../../configuration/settings/sensitiveNames.ts";

/** Copies and variants of Dallinger's settings files; config.txt itself is never in an image. */
const DALLINGER_SETTINGS = /config[^/]*\.txt(\W.*)?$|dallinger_?config/i;

/** Other files of settings, one a line. Files of data are none: in those, `token` is a word of a text as often as not. */
const OTHER_SETTINGS = /\.(ini|cfg|conf|properties)$/i;

/** What stands where a value would: nothing is given away by it. */
const PLACEHOLDER =
    /^(none|null|true|false|\?+|\*+|x+|\.+|…|change[-_ ]?me|<.*>|\$.*|%\(.*|\{.*|your.*|example.*|file:.*)$/i;

/** The name of a setting in a file of settings that is sensitive and has a value; nothing when there is none. */
export function sensitiveSetting(fileName: string, text: string): string | undefined {
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
