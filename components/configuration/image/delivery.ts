/** Ways in which an image that is built gets to its server: by a registry, by ssh from the machine that builds it, or by being built there. */
export const DELIVERIES = ["registry", "ssh", "server"] as const;

/** A way in which an image gets to its server. */
export type Delivery = (typeof DELIVERIES)[number];
