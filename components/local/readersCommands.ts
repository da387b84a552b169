/** Variable in which `./pulumi` says how its reader has called it. */
const CALLED = "DALLINGER_PULUMI";

/** A command line of Pulumi's: at the beginning of a line, after `then`, or in backticks. */
const COMMAND = /(^\s*|`|\bthen )pulumi (?=(?:config|up|preview|destroy|stack)\b)/gm;

/**
 * A message whose command lines work in the shell of who reads it: `pulumi` where that is installed and was called, and `./pulumi`, as
 * it was called, where that brings its own.
 */
export function forReader(message: string, environment: NodeJS.ProcessEnv = process.env): string {
    const called = environment[CALLED] ?? "";
    return called === "" ? message : message.replaceAll(COMMAND, (_, before: string) => `${before}${called} `);
}
