/** Shows a line to whoever watches a program of ours: its standard output is for the resource that runs it. */
export function say(line: string): void {
    process.stderr.write(`${line}\n`);
}
