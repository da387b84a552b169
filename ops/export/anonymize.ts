/** Whether who has taken part is left out of an export; `both` makes one with and one without. */
export const ANONYMIZE = ["yes", "no", "both"] as const;
