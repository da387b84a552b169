/** A release of an app as this program has put it on a server. */
export interface ReleaseFiles {
    /** Name of the app: a word that nothing else in the files has. */
    readonly app: string;
    readonly compose: string;
    readonly environment: string;
}

/** What somebody needs who deploys the same by hand. */
export interface HandFiles {
    readonly hostname: string;
    /** Contents by path: those in the app's own folder go to the server as they are. */
    readonly contents: Readonly<Record<string, string>>;
}

/**
 * The same app under another name, as somebody would write it down: the same images, settings and containers, with a compose project, a
 * role and a database of its own.
 *
 * @throws {Error} when the release is not as expected.
 */
export function handFiles({ app, compose, environment }: ReleaseFiles, name: string): HandFiles {
    const renamed = (text: string) => text.replaceAll(`dlgr-app-${app}`, name).replaceAll(app, name);
    const told = renamed(environment);
    const [, password] = /^ +"DB_PASSWORD": "(\w+)"$/m.exec(told) ?? [];
    const [, hostname] = /^ +"HOST": "([\w.-]+)"$/m.exec(told) ?? [];
    if (password === undefined || hostname === undefined)
        throw new Error("the release has no password or no host name");
    const contents = {
        [`${name}/compose.yaml`]: renamed(compose),
        [`${name}/environment.yaml`]: told,
        [`${name}/.env`]: "COMPOSE_FILE=compose.yaml:environment.yaml\n",
        [`${name}/site.caddy`]: site(name, hostname),
        "role.sql": role(`app_${name}`, password),
    };
    return { hostname, contents };
}

/** A site with Caddy's defaults: everything goes to the web, but for what nobody outside may ask for. */
function site(name: string, hostname: string): string {
    return [
        `${hostname} {`,
        "\timport dallinger_tls",
        "\t@launch path /launch /launch/*",
        "\trespond @launch 403",
        `\treverse_proxy ${name}-web:5000`,
        "}",
        "",
    ].join("\n");
}

function role(name: string, password: string): string {
    return [
        `CREATE ROLE "${name}" LOGIN PASSWORD '${password}';`,
        `CREATE DATABASE "${name}" OWNER "${name}";`,
        `REVOKE ALL ON DATABASE "${name}" FROM PUBLIC;`,
        "",
    ].join("\n");
}
