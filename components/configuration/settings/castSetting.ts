import { posix } from "node:path";
import { shown } from "../checking/blockProblems.ts";
import { removeCommand, setCommand, setSecretCommand, setTextCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { ReadFile } from "../checking/readFile.ts";
import type { SettingType } from "./dallingerKeys.ts";
import type { LayeredSetting } from "./settingLayers.ts";

/** A setting whose value is known to be one that Dallinger takes. */
export interface CastSetting extends LayeredSetting {
    readonly cast: boolean | number | string;
    readonly text: string;
}

/** Linux gives a process no longer variable than this, its name and two bytes around it included. */
const LONGEST_VARIABLE = 131_072;

/** Reads and casts the value of a setting; `readFile` gives the files that `file:` values name. */
export function castSetting(setting: LayeredSetting, readFile: ReadFile): CastSetting | Problem {
    const { path, override, layer, type, value } = setting;
    const plain = settingText(type, value);
    if ("wrong" in plain) {
        const again = layer === "secrets" ? setSecretCommand(path) : setTextCommand(path, "<all its digits>");
        return { path, message: plain.wrong, fix: plain.rounded === true ? again : removeCommand(path) };
    }
    const resolved = resolveFile(plain.text, readFile);
    if ("wrong" in resolved) return { path, message: resolved.wrong };
    const { text } = resolved;
    if (text.includes("\0")) return { path, message: "holds a zero byte, which no environment can" };
    if (!text.isWellFormed()) return { path, message: "holds half a character (a lone surrogate), which no text can" };
    if (Buffer.byteLength(setting.environment + text) + 2 > LONGEST_VARIABLE) {
        return { path, message: `is longer than the ${LONGEST_VARIABLE} bytes that Linux allows for a variable` };
    }
    const cast = castText(type, text);
    if ("wrong" in cast) {
        const isSecret = layer === "secrets";
        const message = isSecret ? cast.wrong : `${cast.wrong}, not ${shown(value)}`;
        return { path, message, fix: isSecret ? setSecretCommand(path) : setCommand(override, cast.example) };
    }
    return { ...setting, cast: cast.value, text: cast.text };
}

/** A value that starts with `file:` stands for the text of that file of the experiment. */
function resolveFile(text: string, readFile: ReadFile): { text: string } | { wrong: string } {
    if (!text.startsWith("file:")) return { text };
    const file = text.slice("file:".length);
    if (posix.isAbsolute(file) || /^\.\.?(\/|$)/.test(posix.normalize(file))) {
        return { wrong: "names a file outside the experiment's folder: another checkout does not have it" };
    }
    const content = readFile(file)?.replaceAll(/\r\n?/g, "\n");
    if (content === undefined) return { wrong: "names a file that cannot be read in the experiment's folder" };
    // Dallinger would take it for the name of a file again, this time in the container.
    if (content.startsWith("file:")) return { wrong: "names a file that itself starts with file:" };
    return { text: content };
}

/** The text that stands for a value of the stack's configuration, or what is wrong with it, after its name. */
export type SettingText =
    | { readonly text: string }
    | { readonly wrong: string /** Whether it has to be set again with a type. */; readonly rounded?: true };

const ROUNDED: SettingText = {
    wrong: "is a number that Pulumi cannot hold to the last digit; set it as a text",
    rounded: true,
};

/**
 * The text that a person typed, as far as the configuration still has it: `pulumi config set` makes numbers and truth values
 * of what looks like one.
 */
export function settingText(type: SettingType, value: unknown): SettingText {
    switch (typeof value) {
        case "string":
            return { text: value };
        case "boolean":
            return { text: String(value) };
        case "number":
            return numberText(type, value);
        case "object":
            return objectText(type, value);
        default:
            return { wrong: "has no value" };
    }
}

function numberText(type: SettingType, value: number): SettingText {
    if (Number.isSafeInteger(value)) return { text: Object.is(value, -0) ? "0" : String(value) };
    // Whole and not safe: digits have been lost. A fraction is exact enough for a number, but 1.10 as a text is not 1.1.
    if (Number.isInteger(value) || type === "str") return ROUNDED;
    return { text: String(value) };
}

function objectText(type: SettingType, value: object | null): SettingText {
    if (value === null) return { wrong: "has no value" };
    if (type !== "json") return { wrong: "must be a single value, not a list or a map" };
    return holdsRounded(value) ? ROUNDED : { text: JSON.stringify(value) };
}

function holdsRounded(value: unknown): boolean {
    if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
    return typeof value === "object" && value !== null && Object.values(value).some(holdsRounded);
}

/** A setting's value with the text that the app is given, or what is wrong with it, after its name. */
export type Cast =
    | { readonly value: boolean | number | string; readonly text: string }
    | { readonly wrong: string /** A value for the command that sets it right. */; readonly example: string };

const TRUE = ["y", "yes", "t", "true", "on", "1"];
const FALSE = ["n", "no", "f", "false", "off", "0"];

/** Python's decimal numerals: an underscore may stand between digits. */
const DIGITS = "\\d+(?:_\\d+)*";
const INT = new RegExp(`^[+-]?${DIGITS}$`);
const FLOAT = new RegExp(`^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`, "i");

/** Digits that Python reads at most. */
const LONGEST_INT = 4300;

/**
 * Casts a text as Dallinger casts what it reads from the environment, which dies on what it cannot cast.
 * Narrower in one thing: `nan`, `inf` and numbers beyond the range of a double are no numbers here.
 */
export function castText(type: SettingType, text: string): Cast {
    switch (type) {
        case "str":
            return { value: text, text };
        case "bool":
            return castBool(text.toLowerCase());
        case "int":
            return castInt(text.trim());
        case "float":
            return castFloat(text.trim());
        case "json":
            return castJson(text);
    }
}

function castBool(text: string): Cast {
    if (TRUE.includes(text)) return { value: true, text: "True" };
    if (FALSE.includes(text)) return { value: false, text: "False" };
    return { wrong: "must be true or false (or y, yes, t, on, 1, n, no, f, off, 0)", example: "true" };
}

function castInt(text: string): Cast {
    if (!INT.test(text) || text.length > LONGEST_INT) return { wrong: "must be a whole number", example: "1" };
    const digits = BigInt(text.replaceAll("_", ""));
    const value = Number(digits);
    return { value: Number.isSafeInteger(value) ? value : String(digits), text: String(digits) };
}

function castFloat(text: string): Cast {
    const value = FLOAT.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
    if (!Number.isFinite(value)) return { wrong: "must be a number", example: "1.5" };
    // -0 would be another value than the 0 that its text is.
    return { value: value === 0 ? 0 : value, text: String(value) };
}

function castJson(text: string): Cast {
    try {
        JSON.parse(text);
        return { value: text, text };
    } catch {
        return { wrong: "must be JSON", example: "{}" };
    }
}
