/** One thing that is wrong, in words by which the reader can put it right. */
export interface Problem {
    /** Where it is: a configuration path such as `dallinger:server.host`, or a file. */
    readonly path: string;
    /** What is wrong and what is allowed, as the rest of a sentence that starts with the path. Never a secret's value. */
    readonly message: string;
    /** The commands or the text that put it right; lines are separated by a newline. */
    readonly fix?: string;
}

/** Renders problems below a title: one line each, its fix indented under it. */
export function explain(title: string, problems: readonly Problem[]): string {
    return [title, ...problems.map(explainOne)].join("\n");
}

function explainOne({ path, message, fix }: Problem): string {
    const lines = fix === undefined ? [] : fix.split("\n");
    return [`  - ${path}: ${message}`, ...lines.map((line) => `        ${line}`)].join("\n");
}
