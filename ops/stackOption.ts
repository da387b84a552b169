/** The end of a command that a person is to type about a stack; empty for the selected one. */
export function stackOption(stack: string | undefined): string {
    return stack === undefined ? "" : ` --stack ${stack}`;
}
