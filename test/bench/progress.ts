const begun = performance.now();

/** Says on standard error how far it is, after the minutes and seconds that have passed. */
export function say(progress: string): void {
    const passed = Math.round((performance.now() - begun) / 1000);
    console.error(`bench ${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")} ${progress}`);
}
