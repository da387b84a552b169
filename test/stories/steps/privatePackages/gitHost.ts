import { bareServer, type TestServer } from "../../../support/testLab.ts";

/** A host of the lab with a user `git`, and a private repository of a Python package below it. */
export interface GitHost extends AsyncDisposable {
    /** What a requirement says about the package. */
    readonly requirement: string;
    /** The same by its commit, as a resolver writes it. */
    readonly pin: string;
    /** The host and its key, as known_hosts has them. */
    readonly knownHost: string;
}

/** Name of the package, and of its repository. */
export const packageName = "wordlists";

/** A word that is in the package and nowhere else. */
export const privateWord = "quincunxial-heliotrope";

/** Sets the host up; whoever has the private part of `publicKey` may read the repository. */
export async function gitHost(publicKey: string): Promise<GitHost> {
    const server = await bareServer("git");
    await server.shell(
        "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends git",
    );
    await server.shell("useradd --create-home --shell /usr/bin/git-shell --password '*' git");
    // By cat: the standard input is a socket, which cannot be opened by its name.
    const keys = "/home/git/.ssh/authorized_keys";
    await server.shell(`install -d -o git -g git -m 700 /home/git/.ssh && cat >${keys}`, `${publicKey}\n`);
    await server.shell(`chown git:git ${keys} && chmod 600 ${keys}`);
    const commit = await makeRepository(server);
    const requirement = `${packageName} @ git+ssh://git@${server.address}/home/git/${packageName}.git`;
    return {
        requirement: `${requirement}@main`,
        pin: `${requirement}@${commit}`,
        knownHost: `${server.address} ${server.hostKey}`,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
}

/** Makes the repository with one commit, and returns that. */
async function makeRepository(server: TestServer): Promise<string> {
    const project = `[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "${packageName}"\nversion = "1.0"\n`;
    const work = "/home/git/work";
    await server.shell(`mkdir -p ${work}/${packageName} && cat >${work}/pyproject.toml`, project);
    await server.shell(`cat >${work}/${packageName}/__init__.py`, `WORDS = ("${privateWord}",)\n`);
    const git = `git -C ${work} -c user.name=Git -c user.email=git@example.org`;
    await server.shell(`${git} init -q -b main && ${git} add . && ${git} commit -q -m words`);
    await server.shell(`git clone -q --bare ${work} /home/git/${packageName}.git && chown -R git:git /home/git`);
    return (await server.shell(`git -c safe.directory='*' -C ${work} rev-parse HEAD`)).trim();
}
