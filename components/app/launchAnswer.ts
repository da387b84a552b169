/** The recruitment message in Dallinger's answer to the launch, or the answer itself where it has none. */
export function readLaunchAnswer(stdout: string): string {
    try {
        const answer: unknown = JSON.parse(stdout);
        if (typeof answer === "object" && answer !== null && "recruitment_msg" in answer) {
            return String(answer.recruitment_msg);
        }
    } catch {
        // Not JSON: shown as it is.
    }
    return stdout;
}
