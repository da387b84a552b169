import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { GeneratedSecrets } from "./appEnvironment.ts";

/**
 * What an app is given once and keeps: Dallinger's `id`, its secret key, the database's and the dashboard's password.
 *
 * The arguments are frozen: a changed one would make new values, and with them end sessions and forget running studies.
 */
export function generateSecrets(name: string, parent: pulumi.Resource): pulumi.Output<GeneratedSecrets> {
    const password = (noun: string, length: number) =>
        new random.RandomPassword(`${name}-${noun}`, { length, special: false }, { parent }).result;
    return pulumi.output({
        id: new random.RandomUuid(`${name}-experiment-id`, {}, { parent }).result,
        databasePassword: password("database-password", 32),
        flaskSecretKey: password("flask-secret-key", 48),
        dashboardPassword: password("dashboard-password", 20),
    });
}
