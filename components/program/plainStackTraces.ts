/**
 * The SDK takes a stack trace for each promise, and has each of its lines looked up in source maps: a quarter of a second of each
 * run. Types that Node strips leave lines and columns as they are, so there is nothing to look up.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
