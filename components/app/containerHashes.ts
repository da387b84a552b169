import { type AppComposeSpec, appServices } from "./appCompose.ts";
import { type AppEnvironmentSpec, type GeneratedSecrets, serviceEnvironments } from "./appEnvironment.ts";
import { containerHash } from "./containerHash.ts";

/** What an app's containers are made from, as far as a preview can know it. */
export interface ContainerHashesSpec extends Pick<AppEnvironmentSpec, "app" | "hostname" | "settings" | "connections"> {
    /** With the planned image in place of the one by digest, which only a push makes known. */
    readonly compose: AppComposeSpec;
    /** Fingerprints of secret settings, which stand for them. */
    readonly fingerprints: Readonly<Record<string, string>>;
}

/** They stay for the life of an app. */
const GENERATED: GeneratedSecrets = { id: "", databasePassword: "", flaskSecretKey: "", dashboardPassword: "" };

/**
 * Service -> hash of what its containers are made from: exactly those whose hash changes are recreated. It is made from the very
 * definitions and environments that the server gets, so that nothing restarts that is not in it.
 */
export function containerHashes({ compose, fingerprints, ...spec }: ContainerHashesSpec): Record<string, string> {
    const services = appServices(compose);
    const environments = serviceEnvironments({
        ...spec,
        place: compose.place,
        secretSettings: fingerprints,
        generated: GENERATED,
        services,
    });
    return Object.fromEntries(
        Object.entries(services).map(([name, { scale, ...service }]) => {
            const number = typeof scale === "number" ? ` x${scale}` : "";
            return [name, containerHash({ service, told: environments[name] ?? {} }) + number];
        }),
    );
}
