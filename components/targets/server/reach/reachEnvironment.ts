/** What the program that asks an app's addresses is told by its environment. */
export interface ReachRequest {
    /** Host names of the app. */
    readonly hostnames: readonly string[];
    /** Address that ssh connects to: an IPv4 address or a host name. */
    readonly server: string;
    /** Certificates in PEM to trust besides the public ones; empty when there are none. */
    readonly caCertificate: string;
}

/** Renders a request as the environment of the program. */
export function toReachEnvironment({ hostnames, server, caCertificate }: ReachRequest): Record<string, string> {
    return {
        DALLINGER_REACH_HOSTNAMES: hostnames.join(" "),
        DALLINGER_REACH_SERVER: server,
        ...(caCertificate !== "" && { DALLINGER_REACH_CA_CERTIFICATE: caCertificate }),
    };
}

/**
 * Reads the request that {@link toReachEnvironment} rendered.
 *
 * @throws {Error} when a variable is missing.
 */
export function fromReachEnvironment(environment: Readonly<Record<string, string | undefined>>): ReachRequest {
    const read = (name: string): string => {
        const value = environment[`DALLINGER_REACH_${name}`];
        if (!value) throw new Error(`DALLINGER_REACH_${name} is not set: this program is run by ExperimentApp`);
        return value;
    };
    return {
        hostnames: read("HOSTNAMES").split(" "),
        server: read("SERVER"),
        caCertificate: environment.DALLINGER_REACH_CA_CERTIFICATE ?? "",
    };
}
