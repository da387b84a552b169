/** Takes a file that is not there for nothing, and for an error whatever else keeps it from being read. */
export async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
    try {
        return await reading;
    } catch (error) {
        if (Object(error).code === "ENOENT") return undefined;
        throw error;
    }
}
