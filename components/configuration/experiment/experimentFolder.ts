import { posix } from "node:path";
import { configurationPath } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import { property } from "../checking/rawValue.ts";
import type { ReadFile } from "../checking/readFile.ts";
import { parseConfigTxt } from "../settings/configTxt.ts";
import type { ParameterType } from "../settings/dallingerKeys.ts";
import { type CheckedSettings, checkSettings } from "../settings/experimentSettings.ts";
import { experimentShape } from "./experimentShape.ts";
import { hasBrowser, isLocal } from "./localExperiment.ts";

/** The blocks that an experiment's settings come from. */
export interface SettingBlocks {
    readonly experiment?: unknown;
    readonly settings?: unknown;
    readonly secrets?: unknown;
    /** Gives files by their path relative to Pulumi.yaml. */
    readonly readFile: ReadFile;
}

/** Checks the settings of the stack together with the config.txt in the experiment's folder, and that the folder is one. */
export function checkFolderSettings({ experiment, settings, secrets, readFile }: SettingBlocks): CheckedSettings {
    const folder = folderOf(experiment);
    const inFolder = (file: string) => (folder === undefined ? undefined : readFile(posix.join(folder, file)));
    const text = inFolder("config.txt");
    const configTxt =
        folder === undefined || text === undefined ? undefined : { path: posix.join(folder, "config.txt"), text };
    const parameters = readParameters(experiment);
    const sources = { settings, secrets, configTxt, parameters, ...placeOf(experiment) };
    const checked = checkSettings(sources, inFolder);
    if (folder === undefined || inFolder("experiment.py") !== undefined) return checked;
    return { problems: [missingExperiment(folder), ...checked.problems], warnings: checked.warnings };
}

/** The repository that the experiment's config.txt names for Dallinger's own command; what it cannot read is reported elsewhere. */
export function imageBaseName({ experiment, readFile }: Pick<SettingBlocks, "experiment" | "readFile">) {
    const folder = folderOf(experiment);
    const text = folder === undefined ? undefined : readFile(posix.join(folder, "config.txt"));
    return (text !== undefined && parseConfigTxt(text).values.get("docker_image_base_name")) || undefined;
}

function placeOf(experiment: unknown) {
    return { isLocal: isLocal(experiment), hasBrowser: hasBrowser(experiment) };
}

/** The folder, unless its path is a problem of its own. */
function folderOf(experiment: unknown): string | undefined {
    return experimentShape.shape.path.safeParse(property(experiment, "path")).data;
}

function missingExperiment(folder: string): Problem {
    const path = configurationPath("experiment", "path");
    const message = `names ${JSON.stringify(folder)}, where there is no experiment.py; paths are relative to Pulumi.yaml`;
    return { path, message };
}

/** The experiment's own keys, also when something else is wrong with its block. */
function readParameters(experiment: unknown): Map<string, ParameterType> {
    const parameters = property(experiment, "parameters");
    if (typeof parameters !== "object" || parameters === null) return new Map();
    return new Map(Object.entries(parameters).map(([key, type]) => [key, isParameterType(type) ? type : "str"]));
}

function isParameterType(type: unknown): type is ParameterType {
    return type === "str" || type === "int" || type === "float" || type === "bool";
}
