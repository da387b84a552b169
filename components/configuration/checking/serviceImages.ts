/** Images of the services that experiments need, unless the configuration names others. */
export const SERVICE_IMAGES = {
    postgres: "postgres:17",
    redis: "redis:8",
    pgbouncer: "edoburu/pgbouncer:v1.25.2-p0",
    caddy: "caddy:2",
} as const;

/** An image that has a browser and its driver (SeleniumHQ/docker-selenium). */
export const BROWSER_EXAMPLE = "selenium/standalone-chromium:4";
