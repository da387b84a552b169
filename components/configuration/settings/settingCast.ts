import type { SettingType } from "./dallingerKeys.ts";

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
