/**
 * What the default images mean in this release. Written by `make pin-service-images`, which needs a way to their registries; a service
 * that is not there is asked for by a server's first `up`.
 */
export const RELEASED_IMAGES: Readonly<Record<string, string>> = {};
