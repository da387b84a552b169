import * as pulumi from "@pulumi/pulumi";
import { BLOCKS, type Block } from "../configuration/checking/configurationPath.ts";
import { explain, type Problem } from "../configuration/checking/problems.ts";
import { property } from "../configuration/checking/rawValue.ts";
import { isMissingHostKey } from "../configuration/server/hostKey.ts";
import { checkStackConfiguration, type StackConfiguration } from "../configuration/stackConfiguration.ts";
import { forReader } from "../local/readersCommands.ts";
import type { SealedExperimentSecrets, SealedServerSecrets, SealedSettings } from "../targets/sealed.ts";
import { readProjectFile } from "./projectFolder.ts";
import { scanHostKey } from "./scanHostKey.ts";

/** A stack's configuration, in which what is secret is an output that the engine encrypts. */
export interface SealedConfiguration
    extends Omit<StackConfiguration, "serverSecrets" | "experimentSecrets" | "settings"> {
    readonly serverSecrets: SealedServerSecrets;
    readonly experimentSecrets: SealedExperimentSecrets;
    readonly settings?: SealedSettings;
}

/**
 * Reads the stack's configuration. What may be a slip is a warning.
 *
 * @throws {pulumi.RunError} with everything that is wrong, before anything is contacted.
 */
export async function readConfiguration(config = new pulumi.Config()): Promise<SealedConfiguration> {
    const { configuration, problems, warnings } = checkStackConfiguration({
        server: config.getObject("server"),
        serverSecrets: await plainValue(config.getSecretObject("serverSecrets")),
        experiment: config.getObject("experiment"),
        experimentSecrets: await plainValue(config.getSecretObject("experimentSecrets")),
        settings: config.getObject("settings"),
        secrets: await plainValue(config.getSecretObject("secrets")),
        rollback: config.getObject("rollback"),
        rollbackSecrets: await plainValue(config.getSecretObject("rollbackSecrets")),
        encrypted: encryptedBlocks(config.name),
        readFile: readProjectFile,
        now: new Date(),
    });
    if (warnings.length > 0)
        pulumi.log.warn(
            forReader(explain(`the configuration of stack ${pulumi.getStack()} may not be what is meant:`, warnings)),
        );
    if (configuration !== undefined) return seal(configuration);
    const explained = await Promise.all(problems.map((problem) => adviseHostKey(problem, config.getObject("server"))));
    throw new pulumi.RunError(
        forReader(explain(`the configuration of stack ${pulumi.getStack()} is not right:`, explained)),
    );
}

/** The blocks that hold encrypted values. The engine tells programs in this variable which of the stack's keys do. */
function encryptedBlocks(namespace: string): Block[] {
    const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]");
    return BLOCKS.filter((block) => Array.isArray(keys) && keys.includes(`${namespace}:${block}`));
}

/** Nothing outside of this file sees a secret's plain value. */
function seal({ serverSecrets, experimentSecrets, settings, ...rest }: StackConfiguration): SealedConfiguration {
    const { privateKey, tlsKey, externalAccountKeys, registryPassword } = serverSecrets;
    return {
        ...rest,
        serverSecrets: {
            ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
            ...(tlsKey !== undefined && { tlsKey: pulumi.secret(tlsKey) }),
            ...(externalAccountKeys !== undefined && { externalAccountKeys: pulumi.secret(externalAccountKeys) }),
            ...(registryPassword !== undefined && { registryPassword: pulumi.secret(registryPassword) }),
        },
        experimentSecrets: pulumi.secret(experimentSecrets),
        ...(settings !== undefined && {
            settings: { ...settings, secretEnvironment: pulumi.secret(settings.secretEnvironment) },
        }),
    };
}

/** What a secret block holds, to be checked. An output without a value, as with no such block, gives nothing. */
async function plainValue(block: pulumi.Output<unknown> | undefined): Promise<unknown> {
    if (block === undefined) return undefined;
    return await new Promise((resolve) => block.apply(resolve));
}

/** Only this problem needs a look at the host: what it says of itself, for a person to compare. Nothing is sent. */
async function adviseHostKey(problem: Problem, server: unknown): Promise<Problem> {
    if (!isMissingHostKey(problem)) return problem;
    const host = property(server, "host");
    const port = property(server, "port") ?? 22;
    if (typeof host !== "string" || typeof port !== "number") return problem;
    return { ...problem, fix: await scanHostKey(host, port) };
}
