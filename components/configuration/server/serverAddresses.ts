import { configurationPath, removeCommand, setCommand } from "../checking/configurationPath.ts";
import { type ServerNames, wildcardAddress } from "../checking/hostNames.ts";
import type { Problem } from "../checking/problems.ts";

/** What of a server's names and addresses cannot go together. */
export function checkServerNames(server: ServerNames): Problem[] {
    const { dnsHost, wildcard } = server;
    if (wildcard === undefined) return [];
    const path = configurationPath("server", "wildcard");
    if (dnsHost !== undefined) {
        return [
            {
                path,
                message: "must be left out beside dnsHost: apps are found below that name",
                fix: `${removeCommand(path)}   (or ${removeCommand(configurationPath("server", "dnsHost"))})`,
            },
        ];
    }
    if (wildcardAddress(server) !== undefined) return [];
    const address = setCommand(configurationPath("server", "addresses", 0), "203.0.113.7");
    return [
        {
            path,
            message:
                "needs an IPv4 address to make names of: host is a name, and addresses lists none. With the address that the apps' names are to resolve to",
            fix: `${address}   (or ${removeCommand(path)})`,
        },
    ];
}
