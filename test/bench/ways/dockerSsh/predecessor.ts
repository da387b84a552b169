import { quietServer } from "../../../support/serverState.ts";
import { Site } from "../../../support/site.ts";
import { equippedServer, type TestServer } from "../../../support/testLab.ts";
import { say } from "../../progress.ts";
import { type Images, Wanted } from "../wanted.ts";
import { ByDockerSsh, dnsHost } from "./byDockerSsh.ts";
import { provideExperiment, provideServiceImages } from "./images.ts";
import { Researcher, type ResearcherOptions } from "./researcher.ts";

/** A server on which the predecessor's services run, and how apps get there. */
export interface Predecessor extends AsyncDisposable {
    readonly server: TestServer;
    app(name: string): ByDockerSsh;
}

/**
 * Prepares a server of its own for the predecessor, which has ports and services like this program's: by an app that comes and goes,
 * as there is no other way. Disposing it takes the server away.
 */
export async function newPredecessor(
    { lab, ...options }: Omit<ResearcherOptions, "server" | "settings">,
    images: Images,
): Promise<Predecessor> {
    await using made = new AsyncDisposableStack();
    say("another server, prepared by docker-ssh");
    const server = made.use(await quietServer("docker-ssh", equippedServer));
    await provideServiceImages(lab, server);
    const own = await provideExperiment(lab, server, images);
    const settings = {
        recruiter: "hotair",
        threads: "1",
        recall_participants: "100000",
        docker_image_base_name: `${lab.registry.address}/docker-ssh/experiment`,
    };
    const researcher = made.use(await Researcher.create({ ...options, lab, server, settings }));
    await researcher.choose(own[0]);
    await researcher.run("servers", "add", "--host", server.address, "--user", server.user);
    const first = ["--app", "first", "--server", server.address];
    await researcher.run("deploy", ...first, "--dns-host", dnsHost(server));
    await researcher.run("destroy", ...first);
    const authority = "/data/caddy/pki/authorities/local/root.crt";
    const ca = await server.run("docker", "exec", "dallinger-httpserver-1", "cat", authority);
    const app = (name: string) => {
        const site = new Site(`https://${name}.${dnsHost(server)}`, server.address, ca);
        return new ByDockerSsh(name, researcher, site, new Wanted(server, name, own));
    };
    const kept = made.move();
    return { server, app, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
