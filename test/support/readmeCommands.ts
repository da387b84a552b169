import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** The pages whose commands a story runs, by their paths in the project. */
const PAGES_WITH_COMMANDS = ["README.md", "docs/operating.md"] as const;

/** Those pages of a project, one after the other. */
export async function pagesWithCommands(project: string): Promise<string> {
    const pages = PAGES_WITH_COMMANDS.map((page) => readFile(join(project, page), "utf8"));
    return (await Promise.all(pages)).join("\n");
}

/** The commands of a text's `sh` blocks, without their comments. */
export function shellCommands(markdown: string): string[] {
    const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
    return blocks.flatMap((block) => block.split("\n").map(withoutComment)).filter((line) => line !== "");
}

function withoutComment(line: string): string {
    return line.replace(/(^|\s)#.*$/, "").trim();
}

/** Somebody who types commands. */
export interface Reader {
    /** Where. */
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** The shell, to which a command is added. Defaults to `sh -c`. */
    readonly shell?: readonly string[];
}

/** Runs commands that stand in a text, and knows which have not been run. */
export class ReadmeCommands {
    readonly remaining: Set<string>;
    private readonly reader: Reader;

    constructor(markdown: string, reader: Reader, remaining = new Set(shellCommands(markdown))) {
        this.remaining = remaining;
        this.reader = reader;
    }

    /** The same commands, of which what one has run the other has not to, in the hands of another reader. */
    inHandsOf(reader: Reader): ReadmeCommands {
        return new ReadmeCommands("", reader, this.remaining);
    }

    /**
     * Standard output of a command that stands there to the letter, run in a shell of its own. `replace` puts a reader's own
     * words in; `answer` is what they type.
     */
    async run(command: string, replace: Readonly<Record<string, string>> = {}, answer = ""): Promise<string> {
        if (!this.remaining.has(command)) throw new Error(`"${command}" does not stand there`);
        const text = Object.entries(replace).reduce((line, [word, own]) => line.replaceAll(word, own), command);
        const { stdout } = await this.shell(text, answer);
        this.remaining.delete(command);
        return stdout;
    }

    /** A command that the project has printed. */
    async shell(text: string, answer = "") {
        const { folder, environment, shell = ["sh", "-c"] } = this.reader;
        const [program = "sh", ...args] = shell;
        const options = { cwd: folder, env: { ...environment }, input: answer, all: true } as const;
        return await execa(program, [...args, text], options);
    }
}
