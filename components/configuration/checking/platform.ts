/** Platforms that images are built for and servers run, as Docker names them. */
export const PLATFORMS = ["linux/amd64", "linux/arm64"] as const;

/** Platform of an image or a server, as Docker names it. */
export type Platform = (typeof PLATFORMS)[number];
