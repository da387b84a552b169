/**
 * Lines of several logs, each in the order of time and with the time at the beginning of its lines, as one log. A line of each is all that is
 * held.
 */
export async function* mergedLines(logs: readonly AsyncIterable<string>[]): AsyncGenerator<string> {
    const sources = logs.map((log) => log[Symbol.asyncIterator]());
    try {
        const heads = await Promise.all(sources.map(async (source) => await source.next()));
        while (true) {
            const waiting = heads.flatMap((head, index) => (head.done ? [] : [{ index, line: head.value }]));
            const [first, ...others] = waiting;
            if (first === undefined) return;
            const next = others.reduce((least, each) => (timeOf(each.line) < timeOf(least.line) ? each : least), first);
            yield next.line;
            const source = sources[next.index];
            if (source !== undefined) heads[next.index] = await source.next();
        }
    } finally {
        await Promise.all(sources.map(async (source) => await source.return?.()));
    }
}

function timeOf(line: string): string {
    return line.split(" ", 1)[0] ?? "";
}
