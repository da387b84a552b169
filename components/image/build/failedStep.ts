/** The step of a build that failed, as BuildKit's plain progress tells it. */
export interface FailedStep {
    /** Its instruction or its work: `[dependencies 3/4] RUN pip install …`, `pushing ghcr.io/lab/recall:1a2b with docker`. */
    readonly name: string;
    /** What it printed, without BuildKit's numbers and times. */
    readonly log: readonly string[];
    /** BuildKit's own word on it: `process "…" did not complete successfully: exit code: 1`. */
    readonly error: string;
}

/** Finds the step that failed in the lines of a build's output; none where no step was begun. */
export function findFailedStep(output: readonly string[]): FailedStep | undefined {
    const last = output.findLast((line) => /^#\d+ ERROR: /.test(line));
    const [, number, error] = /^#(\d+) ERROR: (.*)$/.exec(last ?? "") ?? [];
    if (number === undefined || error === undefined) return undefined;
    const own = output.filter((line) => line.startsWith(`#${number} `) && line !== last);
    // After the error the step is named once more; its first line may be too far back to be remembered.
    const named = output.findLast((line) => line.startsWith(" > ")) ?? "";
    return { name: named.slice(" > ".length).replace(/:$/, ""), log: own.map(withoutPrefix), error };
}

/** Removes the step's number and the seconds: `#12 3.456 `. */
function withoutPrefix(line: string): string {
    return line.replace(/^#\d+ (?:\d+\.\d+ )?/, "");
}
