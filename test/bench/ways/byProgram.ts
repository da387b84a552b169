import { readTimings } from "../../../ops/timings.ts";
import type { Site } from "../../support/site.ts";
import type { TestStack } from "../../support/testStack.ts";
import type { Timeline } from "../results/measurements.ts";
import type { Wanted } from "./wanted.ts";
import { answers, type Change, type Way } from "./way.ts";

/** Arguments of an operation that is measured: Pulumi's own command, without the preview that comes before it. */
export const unattended = ["--yes", "--skip-preview", "--non-interactive"];

/** An app that this program puts on the server: a stack that is configured for it, but for image and words. */
export class ByProgram implements Way {
    readonly actor = "program";
    readonly site: Site;
    readonly stack: TestStack;
    private readonly wanted: Wanted;

    constructor(stack: TestStack, site: Site, wanted: Wanted) {
        this.stack = stack;
        this.site = site;
        this.wanted = wanted;
    }

    get server() {
        return this.wanted.server;
    }

    async ready(change: Change): Promise<() => Promise<void>> {
        this.wanted.change(change);
        if (change === "destroy") return () => this.run("destroy");
        const { image, words } = this.wanted;
        await this.stack.configure({ "experiment.image.reference": image, "settings.recall_words": words });
        return async () => {
            await this.run("up");
            if (change === "first") await answers(this.site);
        };
    }

    async verify(): Promise<void> {
        await this.wanted.verify();
    }

    /** What the last operation that put a release there has taken its time for on the server. */
    async timeline(): Promise<Timeline> {
        const app = `/srv/dallinger/apps/${this.site.hostname.split(".")[0]}`;
        const lines = await this.server.run(`${app}/bin/app`, "timings");
        // Of an update nothing else is done; the other commands' are those of the first deployment.
        const steps = readTimings(lines.split("\n")).filter(({ command }) => command === "release");
        return { steps: steps.map(({ step, seconds }) => ({ step, seconds })) };
    }

    private async run(operation: "up" | "destroy"): Promise<void> {
        await this.stack.command([operation, ...unattended]);
    }
}
