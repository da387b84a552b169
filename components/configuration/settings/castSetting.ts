import { posix } from "node:path";
import { removeCommand, setCommand, setSecretCommand, setTextCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { shown } from "../checking/shownValue.ts";
import type { ReadFile } from "../server/serverConfiguration.ts";
import { castText } from "./settingCast.ts";
import type { LayeredSetting } from "./settingLayers.ts";
import { settingText } from "./settingText.ts";

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
