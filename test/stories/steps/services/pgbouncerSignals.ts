import type { Ground } from "../releases/ground.ts";

/** The signals by which the app's pgbouncer was held (SIGUSR1) and has gone on (SIGUSR2), in order, as its log has them. */
export async function pgbouncerSignals({ server }: Ground): Promise<string[]> {
    const log = await server.shell("docker logs dlgr-app-recall-pgbouncer-1 2>&1");
    return [...log.matchAll(/got (SIGUSR[12])/g)].map(([, signal]) => signal ?? "");
}
