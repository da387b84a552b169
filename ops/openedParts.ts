/** What of an app can be opened; `none` opens nothing. */
export const OPENED_PARTS = ["participant", "dashboard", "none"] as const;

/** One of them. */
export type OpenedPart = (typeof OPENED_PARTS)[number];
