/** Bytes that the body of a request to an app may have at most, where nothing else is said: audio and video recordings fit in. */
export const REQUEST_BODY = 256 * 1024 ** 2;
