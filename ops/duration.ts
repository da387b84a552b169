const UNITS = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
] as const;

/** How long seconds are, in the largest unit of which there are two: `3 days`, `36 hours`, `5 minutes`. */
export function formatDuration(seconds: number): string {
    const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? ["second", 1];
    const number = Math.floor(seconds / length);
    return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
