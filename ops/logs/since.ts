/** From when on: so many seconds before the clock there says now, or a UTC time, `2026-01-31T09:00:00Z`. */
export type Since = { readonly secondsAgo: number } | { readonly time: string };

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `2026-01-31`, `2026-01-31T09:00`, `2026-01-31T09:00:00Z`, `2026-01-31T10:00:00+01:00`; in UTC where no zone is named. */
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads what a person says of it: how long ago, `10m`, `2h30m`, `3d`, or a time that has been.
 *
 * @returns nothing where it is neither.
 */
export function readSince(text: string, now: Date): Since | undefined {
    if (/^(\d{1,9}[smhd])+$/.test(text)) {
        const parts = [...text.matchAll(/(\d+)([smhd])/g)];
        return {
            secondsAgo: parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? ""] ?? 0), 0),
        };
    }
    const [, day, minute = "00:00", second = ":00", zone = "Z"] = TIME.exec(text) ?? [];
    const time = new Date(`${day}T${minute}${second}${zone}`);
    if (Number.isNaN(time.getTime()) || time > now) return undefined;
    // What no calendar has, JavaScript takes for a day of the next month.
    if (new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
    return { time: time.toISOString() };
}
