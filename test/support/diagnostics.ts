/**
 * The errors under "Diagnostics:" in what Pulumi has printed, each as its text without indentation: what a person reads at the
 * end of an operation that failed. That the operation failed is not one of them.
 */
export function readDiagnostics(printed: string): string[] {
    const [, block = ""] = printed.split(/^Diagnostics:$/m);
    const [diagnostics = ""] = block.split(/^(?:Outputs|Resources|Duration):/m);
    const resources = diagnostics.split(/^ {2}\S+ \(.+\):$/m).slice(1);
    const errors = resources.flatMap((text) => text.split(/^ {4}error: /m).slice(1));
    return errors.map((text) => text.replace(/^ {4}/gm, "").trim()).filter((text) => text !== "update failed");
}
