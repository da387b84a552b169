import { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { programCommand } from "../../local/programCommand.ts";
import type { AppSpec } from "./appSpec.ts";
import { reachEnvironment, reachProgram } from "./reach/reachEnvironment.ts";

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
    const environment = spec.apply(({ hostnames, server: { host, addresses = [], caCertificate } }) =>
        reachEnvironment.render({ hostnames, server: host, addresses, caCertificate }),
    );
    return new local.Command(name, { ...programCommand(reachProgram), environment }, { parent, dependsOn: after });
}
