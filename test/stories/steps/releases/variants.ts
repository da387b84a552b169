import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Folder of the tests' experiment in a checkout. */
export const steadyExample = "examples/steady";

/** What can be wrong with an image: a title, and lines at the end of its experiment.py. */
export const brokenImages: Readonly<Record<string, string>> = {
    "that crashes at its start": "raise RuntimeError('this release is broken')",
    "that never answers": "import sys, time\nif 'web' in sys.argv[0]:\n    time.sleep(600)",
    "that gets healthy and then dies": [
        "import os, sys, threading",
        "if 'web' in sys.argv[0]:",
        "    threading.Timer(5, lambda: os.kill(os.getppid(), 9)).start()",
    ].join("\n"),
};

/** An experiment in a checkout whose code a test changes. */
export class VariableExperiment {
    private readonly file: string;
    private readonly original: string;
    private variant = 0;

    private constructor(file: string, original: string) {
        this.file = file;
        this.original = original;
    }

    /** Copies the example, with a page that takes three seconds. */
    static async copy(project: string): Promise<VariableExperiment> {
        const folder = join(project, steadyExample);
        await cp(join(project, "examples/recall"), folder, { recursive: true });
        const file = join(folder, "experiment.py");
        await appendFile(file, await readFile(join(import.meta.dirname, "steady.py")));
        return new VariableExperiment(file, await readFile(file, "utf8"));
    }

    /** Another version of the code, which does the same. */
    async change(): Promise<void> {
        this.variant++;
        await this.write(`# version ${this.variant}`);
    }

    /** The same code with these lines behind it. */
    async write(lines: string): Promise<void> {
        await writeFile(this.file, `${this.original}\n\n${lines}\n`);
    }
}
