import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { programCommand } from "../../local/programCommand.ts";
import { type NamesFromHere, namesEnvironment, namesProgram } from "./hostNames/namesEnvironment.ts";

/**
 * Looks host names up from the machine of who deploys. What is made after it is made only when they lead to the server, seen from there;
 * the server's own look is its claim's. They are looked up again when they, the server's address or who issues the certificates change.
 */
export function lookUpFromHere(
    name: string,
    parent: pulumi.ComponentResource,
    request: pulumi.Output<NamesFromHere>,
    privateKey: pulumi.Input<string | undefined>,
): local.Command {
    const environment = request.apply((names) => namesEnvironment.render(names));
    const stdin = pulumi.output(privateKey).apply((key) => key ?? "");
    return new local.Command(name, { ...programCommand(namesProgram), environment, stdin }, { parent });
}
