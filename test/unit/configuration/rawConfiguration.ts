import type { Problem } from "../../../components/configuration/checking/problems.ts";
import {
    checkStackConfiguration,
    type RawConfiguration,
} from "../../../components/configuration/stackConfiguration.ts";

/** A host key of the right form that no server has. */
export const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB/kVUA6XqVuVQAXq7cHN/xk6JNKiJpkMMvmlGdZI+CO";

/** A text that passes for a certificate. */
export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

/** Blocks of a stack that prepares a server and runs an experiment on it; nothing is wrong with them. */
export const SERVER = { host: "203.0.113.7", hostKey: HOST_KEY, tls: { mode: "internal" } };
export const EXPERIMENT = { path: "../recall", name: "recall", image: { repository: "ghcr.io/lab/recall" } };
export const SETTINGS = { mode: "live", recruiter: "hotair" };

/** The files of that stack's experiment: `files({ "config.txt": "…" })`. */
export function files(own: Readonly<Record<string, string>> = {}): RawConfiguration["readFile"] {
    const all = new Map(
        Object.entries({ "experiment.py": "", ...own }).map(([file, text]) => [`../recall/${file}`, text]),
    );
    return (path) => all.get(path);
}

/** Checks that stack with some of its blocks replaced. */
export function check(blocks: Partial<RawConfiguration>) {
    const valid = { server: SERVER, experiment: EXPERIMENT, settings: SETTINGS, readFile: files() };
    return checkStackConfiguration({ ...valid, ...blocks });
}

/** The problems of that stack as `path: message`. */
export function problemsOf(blocks: Partial<RawConfiguration>): string[] {
    return check(blocks).problems.map(({ path, message }) => `${path}: ${message}`);
}

/** The problem at a path. */
export function problemAt(path: string, blocks: Partial<RawConfiguration>): Problem | undefined {
    return check(blocks).problems.find((problem) => problem.path === path);
}

/** The settings of that stack with these blocks and this config.txt. */
export function settingsOf(settings: unknown, secrets?: unknown, configTxt?: string) {
    const readFile = files(configTxt === undefined ? {} : { "config.txt": configTxt });
    const { configuration, problems } = check({ settings, secrets, readFile });
    if (configuration?.settings === undefined) throw new Error(JSON.stringify(problems));
    return configuration.settings;
}
