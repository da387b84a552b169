/** The value in the middle; of an even number of values the mean of the two there. Not a number when there is none. */
export function median(values: readonly number[]): number {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
    return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Median, smallest and largest as `1.5 (1.2–3.0)`; a dash when there is no value. */
export function spread(values: readonly number[], digits: number): string {
    if (values.length === 0) return "–";
    const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
        value.toFixed(digits),
    );
    return least === most ? `${middle}` : `${middle} (${least}–${most})`;
}

/** The ratio of two series' medians, and the smallest and the largest of a pair of the same run: `1.05 (0.98–1.10)`. */
export function ratios(values: readonly number[], bases: readonly number[]): string {
    const ratio = median(values) / median(bases);
    if (Number.isNaN(ratio)) return "–";
    const pairs = values.slice(0, bases.length).map((value, index) => value / (bases[index] ?? value));
    const [least, most] = [Math.min(...pairs), Math.max(...pairs)].map((value) => value.toFixed(2));
    return `${ratio.toFixed(2)} (${least}–${most})`;
}
