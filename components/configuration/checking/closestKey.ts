/** The known key that is most like the given one, or nothing when none is near enough to be what was meant. */
export function closestKey(key: string, known: Iterable<string>): string | undefined {
    const wanted = folded(key);
    // One slip in a short word, a third of the letters in a long one: beyond that a suggestion only confuses.
    let limit = Math.max(1, Math.floor(wanted.length / 3));
    let closest: string | undefined;
    for (const candidate of known) {
        const distance = editDistance(wanted, folded(candidate), limit);
        if (distance > limit || (closest !== undefined && distance === limit)) continue;
        closest = candidate;
        limit = distance;
    }
    return closest;
}

/** ` (did you mean "x"?)`, or nothing when no key is near. */
export function suggestion(key: string, known: Iterable<string>): string {
    const closest = closestKey(key, known);
    return closest === undefined ? "" : ` (did you mean "${closest}"?)`;
}

/** Case and word separators are what is most often wrong: `dns_host` for `dnsHost`. */
function folded(key: string): string {
    return key.toLowerCase().replaceAll(/[-_.\s]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours; words whose lengths differ by more than `limit` are not compared. */
function editDistance(a: string, b: string, limit: number): number {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let before: number[] = [];
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
            const isSwap = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            const swapped = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
            next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1));
        }
        [before, row] = [row, next];
    }
    return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
    return row[index] ?? Number.POSITIVE_INFINITY;
}
