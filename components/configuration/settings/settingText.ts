import type { SettingType } from "./dallingerKeys.ts";

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
