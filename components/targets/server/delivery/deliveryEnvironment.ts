import { fromEnvironment, toEnvironment } from "../../../image/build/buildEnvironment.ts";
import type { BuildRequest } from "../../../image/build/dockerBuild.ts";
import type { ServerAddress } from "../../../remote/connection.ts";

/** What the delivery program is told by its environment. */
export interface DeliveryRequest {
    /** Way and content of the image. */
    readonly build: BuildRequest;
    readonly server: ServerAddress;
    /** Name of the app that gets it. */
    readonly app: string;
    /** MiB that have to be free on the server. */
    readonly freeSpace: number;
    /** Anything; when it changes, the server is asked for the image once more. */
    readonly mended: string;
}

/** Renders a request as the environment of the delivery program. */
export function toDeliveryEnvironment({
    build,
    server,
    app,
    freeSpace,
    mended,
}: DeliveryRequest): Record<string, string> {
    return {
        ...toEnvironment(build),
        DALLINGER_DELIVERY_HOST: server.host,
        DALLINGER_DELIVERY_PORT: String(server.port),
        DALLINGER_DELIVERY_USER: server.user,
        DALLINGER_DELIVERY_HOST_KEY: server.hostKey,
        DALLINGER_DELIVERY_APP: app,
        DALLINGER_DELIVERY_FREE_SPACE: String(freeSpace),
        ...(mended !== "" && { DALLINGER_DELIVERY_MENDED: mended }),
    };
}

/**
 * Reads the request that {@link toDeliveryEnvironment} rendered.
 *
 * @throws {Error} when a variable is missing or is no request's.
 */
export function fromDeliveryEnvironment(environment: Readonly<Record<string, string | undefined>>): DeliveryRequest {
    const read = (name: string): string => {
        const value = environment[`DALLINGER_DELIVERY_${name}`];
        if (!value) throw new Error(`DALLINGER_DELIVERY_${name} is not set: this program is run by ExperimentApp`);
        return value;
    };
    return {
        build: fromEnvironment(environment),
        server: { host: read("HOST"), port: Number(read("PORT")), user: read("USER"), hostKey: read("HOST_KEY") },
        app: read("APP"),
        freeSpace: Number(read("FREE_SPACE")),
        mended: environment.DALLINGER_DELIVERY_MENDED ?? "",
    };
}
