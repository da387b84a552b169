import { join, relative, sep } from "node:path";
import { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import type { AppSpec } from "./appSpec.ts";
import { toReachEnvironment } from "./reach/reachEnvironment.ts";

/**
 * Asks an app's addresses from the machine of who deploys, once `after` is there: inside the server, neither a missing DNS record nor a
 * firewall shows. It is asked again when the host names, the server's address or who issues the certificates are other ones.
 */
export function askFromHere(
    name: string,
    parent: pulumi.ComponentResource,
    spec: pulumi.Output<AppSpec>,
    after: pulumi.Resource,
): local.Command {
    const environment = spec.apply(({ hostnames, server: { host, caCertificate } }) =>
        toReachEnvironment({ hostnames, server: host, caCertificate }),
    );
    const command = {
        create: `node ${program()}`,
        environment,
        // What people watch is on stderr.
        logging: local.Logging.Stderr,
        addPreviousOutputInEnv: false,
    };
    return new local.Command(name, command, { parent, dependsOn: after });
}

/** Relative to the project's folder, in which commands run: the same in everybody's checkout. */
function program(): string {
    return relative(process.cwd(), join(import.meta.dirname, "reach/reach.ts"))
        .split(sep)
        .join("/");
}
