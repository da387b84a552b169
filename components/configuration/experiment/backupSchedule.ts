/** Schedules that have a name of their own. */
const NAMED_SCHEDULES = ["hourly", "daily", "weekly"] as const;

const value = String.raw`(\*|\d+(\.\.\d+)?)(/\d+)?`;
const values = `${value}(,${value})*`;
const day = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*";
const days = String.raw`${day}((\.\.|,)${day})*`;
const date = `(${values}-)?${values}[-~]${values}`;
const time = `${values}:${values}(:${values})?`;
const zone = "(UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]*){1,2})";
const expression = new RegExp(`^(${days} )?(${date} ${time}|${date}|${time})( ${zone})?$|^${days}$`, "i");

/**
 * Whether a text has the form of a calendar expression of systemd, `Mon..Fri *-*-* 03:00`, or is the name of a schedule. Whether there
 * is such a time is what the server's `systemd-analyze calendar` says (systemd.time(7)).
 */
export function isSchedule(text: string): boolean {
    return text.length <= 100 && (NAMED_SCHEDULES.some((name) => name === text) || expression.test(text));
}
