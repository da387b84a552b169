/** What a command ends with, for programs that call it. */
export const EXIT = {
    /** It has done what it was asked. */
    done: 0,
    /** It could not: the reason is on standard error. */
    refused: 1,
    /** The command line is wrong, and nothing was done. */
    misused: 2,
    /** It has looked, and what it has found is not as it should be: standard output says what. */
    differs: 3,
} as const;
