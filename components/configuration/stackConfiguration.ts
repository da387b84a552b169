import { checkBlock } from "./checking/blockProblems.ts";
import { type Block, configurationPath, removeCommand, setSecretCommand } from "./checking/configurationPath.ts";
import { misplacedSecrets, plainSecrets } from "./checking/encryptedBlocks.ts";
import { appHostnames } from "./checking/hostNames.ts";
import type { Problem } from "./checking/problems.ts";
import { property } from "./checking/rawValue.ts";
import type { ReadFile } from "./checking/readFile.ts";
import { checkRepository, type ExperimentSecrets, experimentSecretsShape } from "./experiment/backupRepository.ts";
import {
    checkExperiment,
    checkRegistryLogin,
    type ExperimentConfiguration,
} from "./experiment/experimentConfiguration.ts";
import { checkFolderSettings, imageBaseName } from "./experiment/experimentFolder.ts";
import { checkLocal } from "./experiment/localExperiment.ts";
import { checkRollback } from "./experiment/rollback.ts";
import { acmeAuthorities } from "./server/acmeAuthorities.ts";
import { checkExternalAccounts } from "./server/externalAccounts.ts";
import { checkOwnCertificate } from "./server/ownCertificate.ts";
import { checkServer, type ServerConfiguration } from "./server/serverConfiguration.ts";
import { checkServerSecrets, type ServerSecrets } from "./server/serverSecrets.ts";
import type { ExperimentSettings } from "./settings/experimentSettings.ts";

/** The blocks of a stack's configuration as plain values, secrets revealed, and a way to its files. */
export interface RawConfiguration {
    readonly server?: unknown;
    readonly serverSecrets?: unknown;
    readonly experiment?: unknown;
    readonly experimentSecrets?: unknown;
    readonly settings?: unknown;
    readonly secrets?: unknown;
    /** A release that the stack goes back to. */
    readonly rollback?: unknown;
    readonly rollbackSecrets?: unknown;
    /**
     * Gives the text of a file, by its path relative to Pulumi.yaml; nothing when it cannot be read. Asked for the experiment's
     * config.txt and experiment.py, and for files that `file:` values name.
     */
    readonly readFile: ReadFile;
    /** The blocks that Pulumi holds encrypted; left out, nothing is said about what should be and is not. */
    readonly encrypted?: readonly Block[];
    /** The time by which a certificate has ended; left out, nothing is said about that. */
    readonly now?: Date;
}

/** A stack's configuration, checked, with every default filled in. */
export interface StackConfiguration {
    readonly server?: ServerConfiguration;
    readonly serverSecrets: ServerSecrets;
    readonly experiment?: ExperimentConfiguration;
    readonly experimentSecrets: ExperimentSecrets;
    /** There when the experiment is. */
    readonly settings?: ExperimentSettings;
}

/** The configuration when nothing is wrong with it; everything that is wrong otherwise. */
export interface CheckedConfiguration {
    readonly configuration?: StackConfiguration;
    readonly problems: readonly Problem[];
    /** What may be meant so, and is more often a slip. */
    readonly warnings: readonly Problem[];
}

/** Checks the whole configuration of a stack; contacts nothing, and no message holds a secret's value. */
export function checkStackConfiguration(raw: RawConfiguration): CheckedConfiguration {
    // Nothing of these blocks may be shown, so nothing else is said about them.
    const misplaced = misplacedSecrets(raw);
    if (misplaced.length > 0) return { problems: misplaced, warnings: [] };
    const hasServer = isPresent(raw.server);
    const hasExperiment = isPresent(raw.experiment);
    const server = hasServer ? checkServer(raw.server, raw.readFile) : undefined;
    const serverSecrets = checkServerSecrets(raw.serverSecrets);
    const experimentSecrets = checkBlock(
        { block: "experimentSecrets", shape: experimentSecretsShape, secret: true },
        raw.experimentSecrets ?? {},
    );
    const around = { hasServer, platform: server?.value?.platform, imageBaseName: imageBaseName(raw) };
    const experiment = hasExperiment ? checkExperiment(raw.experiment, around) : undefined;
    const back =
        hasExperiment && isPresent(raw.rollback) ? checkRollback(raw.rollback, raw.rollbackSecrets) : undefined;
    // What is wrong with the settings of today is no reason not to go back to those of yesterday.
    const settings = hasExperiment && back === undefined ? checkFolderSettings(raw) : undefined;
    const problems = [
        ...(hasServer || hasExperiment ? [] : [NOTHING]),
        ...(server?.problems ?? []),
        ...serverSecrets.problems,
        ...plainSecrets(raw),
        ...checkTlsKey(raw),
        ...checkAccounts(raw, server?.value),
        ...checkCertificate(server?.value, serverSecrets.value, experiment?.value, raw.now),
        ...checkRegistryLogin(raw),
        ...experimentSecrets.problems,
        ...checkRepository(raw.experiment, raw.experimentSecrets),
        ...checkLocal(raw),
        ...(experiment?.problems ?? []),
        ...(settings?.problems ?? []),
        ...(back?.problems ?? []),
        ...(hasExperiment ? [] : checkLonelySettings(raw)),
    ];
    const warnings = settings?.warnings ?? [];
    if (problems.length > 0) return { problems, warnings };
    return {
        configuration: {
            ...(server?.value !== undefined && { server: server.value }),
            serverSecrets: serverSecrets.value ?? {},
            ...(experiment?.value !== undefined && {
                experiment: { ...experiment.value, ...(back?.rolledBack && { image: back.rolledBack.image }) },
            }),
            experimentSecrets: experimentSecrets.value ?? {},
            ...optionalSettings(back?.rolledBack?.settings ?? settings?.settings),
        },
        problems: [],
        warnings,
    };
}

function optionalSettings(settings: ExperimentSettings | undefined): Pick<StackConfiguration, "settings"> {
    return settings === undefined ? {} : { settings };
}

const NOTHING: Problem = {
    path: "dallinger:server, dallinger:experiment",
    message:
        "neither is there: a stack prepares a server, runs an experiment, or both; stacks/ holds an example of each",
};

/** A certificate of one's own and its key go together. */
function checkTlsKey({ server, serverSecrets }: RawConfiguration): Problem[] {
    const path = configurationPath("serverSecrets", "tlsKey");
    const isCustom = property(property(server, "tls"), "mode") === "custom";
    const hasKey = property(serverSecrets, "tlsKey") !== undefined;
    if (isCustom && !hasKey)
        return [
            {
                path,
                message: "is required with server.tls.mode custom: the certificate's key",
                fix: setSecretCommand(path),
            },
        ];
    if (!isCustom && hasKey)
        return [{ path, message: "is used only with server.tls.mode custom", fix: removeCommand(path) }];
    return [];
}

/** Where the block `server` is not right, which accounts there are to be is not known. */
function checkAccounts({ server: raw, serverSecrets }: RawConfiguration, server: ServerConfiguration | undefined) {
    if (isPresent(raw) && server === undefined) return [];
    const authorities = server?.tls.mode === "acme" ? acmeAuthorities(server.tls) : [];
    return checkExternalAccounts(authorities, property(serverSecrets, "externalAccountKeys"));
}

function checkCertificate(
    server: ServerConfiguration | undefined,
    secrets: ServerSecrets | undefined,
    experiment: ExperimentConfiguration | undefined,
    now: Date | undefined,
): Problem[] {
    if (server?.tls.mode !== "custom") return [];
    const hostnames = experiment === undefined ? [] : appHostnames(experiment.name, server, experiment.hostnames);
    const { certificate, caCertificate } = server.tls;
    return checkOwnCertificate({ certificate, caCertificate, key: secrets?.tlsKey, hostnames, now });
}

function checkLonelySettings(raw: RawConfiguration): Problem[] {
    const blocks = (["experimentSecrets", "settings", "secrets", "rollback", "rollbackSecrets"] as const).filter(
        (block) => isPresent(raw[block]),
    );
    return blocks.map((block) => {
        const path = configurationPath(block);
        return {
            path,
            message: "belongs to an experiment, but this stack has no experiment block",
            fix: `pulumi config rm ${path}`,
        };
    });
}

function isPresent(block: unknown): boolean {
    return block !== undefined && block !== null;
}
