/** Seconds that workers get to finish their jobs, where nothing else is said. */
export const WORKERS_TIMEOUT = 600;

/** Bytes that the body of a request to an app may have at most, where nothing else is said: audio and video recordings fit in. */
export const REQUEST_BODY = 256 * 1024 ** 2;
