import assert from "node:assert/strict";
import type { TestServer } from "../../support/testLab.ts";
import type { Change } from "./way.ts";

/** The two versions of the app's image, by digest. */
export type Images = readonly [string, string];

/** What an app is to be. Its image and its setting are one of two; they outlive it when it is taken away. */
export class Wanted {
    readonly server: TestServer;
    private readonly project: string;
    private readonly images: Images;
    private present = false;
    private otherImage = false;
    private otherWords = false;

    /** An app of this compose project that is not there yet, with the first image and five words. */
    constructor(server: TestServer, project: string, images: Images) {
        this.server = server;
        this.project = project;
        this.images = images;
    }

    get image(): string {
        return this.images[this.otherImage ? 1 : 0];
    }

    /** Value of the setting `recall_words`. */
    get words(): string {
        return this.otherWords ? "7" : "5";
    }

    change(change: Change): void {
        if (change === "code") this.otherImage = !this.otherImage;
        else if (change === "settings") this.otherWords = !this.otherWords;
        else this.present = change === "first";
    }

    /** Fails unless one web runs, with this image and this setting; or no container is there, when there is to be none. */
    async verify(): Promise<void> {
        const { server, project, image, words } = this;
        const filter = `label=com.docker.compose.project=${project}`;
        const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
        const listed = await server.run("docker", "ps", "-a", "--filter", filter, "--format", format);
        if (!this.present) return assert.equal(listed, "", `${project} has not gone`);
        const webs = listed.split("\n").flatMap((line) => (line.startsWith("web ") ? [line.slice("web ".length)] : []));
        assert.equal(webs.length, 1, `${project} has another number of webs than one:\n${listed}`);
        const told = "{{.State.Running}} {{.Config.Image}}{{println}}{{range .Config.Env}}{{println .}}{{end}}";
        const web = await server.run("docker", "inspect", "--format", told, ...webs);
        const lines = web.split("\n");
        assert.equal(lines[0], `true ${image}`);
        assert.ok(lines.includes(`recall_words=${words}`), `${project} has another setting than ${words}`);
    }
}
