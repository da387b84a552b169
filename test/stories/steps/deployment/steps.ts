import type { TestContext } from "node:test";

/** A part of a story, with a title of its own. */
export type Step = <T>(title: string, play: () => Promise<T>) => Promise<T>;

/** The steps of a story: each a test, and none after one that has failed. */
export function stepsOf(t: TestContext): Step {
    return async (title, play) => {
        const played = Promise.withResolvers<Awaited<ReturnType<typeof play>>>();
        played.promise.catch(() => {}); // the step's own test reports it
        await t.test(title, async () => {
            try {
                played.resolve(await play());
            } catch (error) {
                played.reject(new Error(`the story ends with this step: ${title}`));
                throw error;
            }
        });
        return await played.promise;
    };
}
