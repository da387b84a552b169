import { appNames } from "./appNames.ts";

/** What an app's site in Caddy depends on: no release, so that a redeploy never makes Caddy reload. */
export interface CaddySiteSpec {
    readonly app: string;
    readonly hostnames: readonly string[];
    /** Bytes that the body of a request may have. */
    readonly requestBody: number;
}

/**
 * Renders an app's site file.
 *
 * `/launch` is refused to everybody outside: Dallinger asks for no login there. Caddy compares decoded, cleaned, lower-cased
 * paths. The address of the web comes from a file that Caddy reads at each request and each retry, so that another web takes
 * over at once and without a reload. A failed dial has sent nothing, so retrying it is safe for a POST as well;
 * `stream_close_delay` keeps this app's websockets open while Caddy reloads for another. Connections to the web are not kept:
 * gunicorn closes one that was idle for two seconds, and a POST that Caddy sends at that moment would be lost.
 *
 * What tells a web server in headers where it is mounted is dropped: before version 22 gunicorn takes `SCRIPT_NAME` off the path
 * that Caddy has looked at, and is left with `/launch`. With it goes every name with an underscore, which stands for another
 * header's behind WSGI; Caddy itself drops those since 2.11.
 */
export function renderCaddySite({ app, hostnames, requestBody }: CaddySiteSpec): string {
    const { upstream } = appNames(app);
    return [
        `${hostnames.join(", ")} {`,
        "\timport dallinger_tls",
        "\t@launch path /launch /launch/*",
        '\trespond @launch "Launching is done by the deployment." 403',
        "\trequest_body {",
        `\t\tmax_size ${requestBody}`,
        "\t}",
        `\treverse_proxy tcp/{file.${upstream}} {`,
        ...["*_*", "Script-Name", "Path-Info"].map((name) => `\t\theader_up -${name}`),
        "\t\tlb_try_duration 30s",
        "\t\tlb_try_interval 250ms",
        "\t\tstream_close_delay 8h",
        "\t\ttransport http {",
        "\t\t\tkeepalive off",
        "\t\t}",
        "\t}",
        "}",
        "",
    ].join("\n");
}
