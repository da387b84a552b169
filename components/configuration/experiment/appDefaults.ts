/** What an app is like where nothing else is said: each default stands here, and nowhere else. */
export const APP_DEFAULTS = {
    /** Number of worker containers. */
    workers: 1,
    /** Whether Dallinger's clock runs. */
    clock: false,
    /** Connections to PostgreSQL: pgbouncer's 45, and five for a person with psql. */
    connections: 50,
    /** Seconds that workers get to finish their jobs. */
    workersTimeout: 600,
    /** Number of releases that stay with their images. */
    retainedReleases: 5,
    /** Seconds that a release gets to become healthy. */
    healthyWithin: 180,
    /** Seconds that a release waits for a server that is full. */
    quietWithin: 120,
    /** MiB that have to be free before an image is pulled. */
    freeSpace: 2048,
    /** Bytes that the body of a request may have: audio and video recordings fit in. */
    requestBody: 256 * 1024 ** 2,
    /** Scheduled backups that stay: the last ones, and the last one of each of so many days, weeks and months. */
    keptBackups: { last: 3, daily: 7, weekly: 4, monthly: 0 },
    /** Whether the data of an experiment on that machine is saved before it is removed. */
    saveLocal: true,
    /** Whether host names are asked from the machine of who deploys. */
    checkFromHere: true,
};
