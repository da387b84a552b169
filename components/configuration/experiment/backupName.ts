/** What `experiment.archive` says while an app is taken off its server and the name of its backup is not known yet. */
export const LEAVING = "leaving";

/** Whether a text is the name of a backup: the UTC time at which it was made, and a number where one of that second was there. */
export function isBackupName(text: string): boolean {
    return /^\d{8}T\d{6}Z(-\d+)?$/.test(text);
}
