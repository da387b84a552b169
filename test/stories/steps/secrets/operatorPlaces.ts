import { homedir } from "node:os";
import { execa } from "execa";
import type { Lab } from "../../../../lab/readLab.ts";
import { checkout } from "../../../support/testLab.ts";
import type { TestStack } from "../../../support/testStack.ts";
import { changedFiles } from "./changedFiles.ts";
import type { Finding, SecretSearch } from "./secretSearch.ts";

/** Where a deployment writes on the operator's machine, or could: the state, the project, temporary folders, the home folder. */
export class OperatorPlaces {
    private readonly stack: TestStack;
    private readonly lab: Lab;
    private readonly since: Date;

    constructor(stack: TestStack, lab: Lab, since: Date) {
        this.stack = stack;
        this.lab = lab;
        this.since = since;
    }

    /** Whoever can read them: encrypted values are the only way in which a secret may be here. */
    async search(search: SecretSearch): Promise<Finding[]> {
        const texts = await search.texts({
            "operator: exported state": await this.stack.command(["stack", "export"]),
            "operator: configuration": await this.stack.command(["config", "--json"]),
            "operator: outputs": await this.stack.command(["stack", "output", "--json"]),
            "operator: what was printed": this.stack.printed,
            "operator: journal of the engine": await this.engineJournal(),
        });
        const files = await search.files(await this.files());
        return [...texts, ...files.map((finding) => ({ ...finding, place: `operator: ${finding.place}` }))];
    }

    private async files(): Promise<string[]> {
        // Servers of labs are other machines, wherever labs have their folder. A new one links to the layers in the lab's cache,
        // which counts as a change there: they are older than the deployment, and nobody writes to them.
        const servers = ["*/hosts/*/docker", "*/hosts/*/upper", "*/hosts/*/root"];
        const layers = ["*/lab/equipped-*/*/overlay2", "*/lab/images-*.engine/overlay2"];
        const without = [...servers, ...layers];
        // Parts of the toolchain have a name in each of its folders.
        return await changedFiles({ root: "", folders: this.folders(), without, since: this.since, names: "one" });
    }

    /** Of the lab's engine, which builds the image and pushes it. */
    private async engineJournal(): Promise<string> {
        const journal = ["journalctl", "-q", "-a", "-o", "export", "--since", `@${this.since.getTime() / 1000}`];
        const { stdout } = await execa("lab/lab", ["exec", this.lab.name, "workshop", ...journal], { cwd: checkout });
        return stdout;
    }

    private folders(): string[] {
        const { backend, stack, environment } = this.stack;
        const { PULUMI_HOME = "", PULUMI_CREDENTIALS_PATH = "" } = process.env;
        const { TMPDIR = "" } = environment;
        const own = [backend, stack.workspace.workDir, TMPDIR, PULUMI_HOME, PULUMI_CREDENTIALS_PATH];
        return [...own, homedir(), "/tmp", "/var/tmp", "/run", "/dev/shm"].filter((folder) => folder !== "");
    }
}
