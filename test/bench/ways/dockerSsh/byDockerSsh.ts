import type { Site } from "../../../support/site.ts";
import type { Wanted } from "../wanted.ts";
import { answers, type Change, type Way } from "../way.ts";
import type { Researcher } from "./researcher.ts";

/** An app that the predecessor puts on a server: what `dallinger docker-ssh` of Dallinger 12.4 does. */
export class ByDockerSsh implements Way {
    readonly actor = "docker-ssh";
    readonly site: Site;
    private readonly name: string;
    private readonly researcher: Researcher;
    private readonly wanted: Wanted;

    constructor(name: string, researcher: Researcher, site: Site, wanted: Wanted) {
        this.name = name;
        this.researcher = researcher;
        this.site = site;
        this.wanted = wanted;
    }

    get server() {
        return this.wanted.server;
    }

    /** An update is all that it has for another setting and for another image; a setting that it is not told again is reverted. */
    async ready(change: Change): Promise<() => Promise<void>> {
        this.wanted.change(change);
        const { image, words } = this.wanted;
        const there = ["--app", this.name, "--server", this.server.address];
        if (change === "destroy") return () => this.researcher.run("destroy", ...there);
        await this.researcher.choose(image);
        const how = ["--dns-host", dnsHost(this.server), "--config", "recall_words", words];
        const update = change === "first" ? [] : ["--update"];
        return async () => {
            await this.researcher.run("deploy", ...there, ...how, ...update);
            // It leaves before the web that it has started serves.
            await answers(this.site);
        };
    }

    async verify(): Promise<void> {
        await this.wanted.verify();
    }
}

/** Below which the names of a server's apps are: as it does for `nip.io`, with dashes, which the lab's name server knows. */
export function dnsHost({ address }: { readonly address: string }): string {
    return `${address.replaceAll(".", "-")}.nip.io`;
}
