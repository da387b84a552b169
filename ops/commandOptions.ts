import { Option } from "@commander-js/extra-typings";

/** Which stack a command is about. */
export const stack = new Option(
    "--stack <STACK>",
    "of ./pulumi or else of your own pulumi; the selected one if none is named",
);

/** What a command lists, as JSON. */
export const json = new Option("--json", "for programs: an array of objects");

/** The answer to what a command asks. */
export const yes = new Option("--yes", "without being asked");

/** Takes what a command ends with. */
export type End = (status: number) => void;
