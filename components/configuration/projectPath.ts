import { z } from "zod";

/** Shape of a path that is the same in everybody's checkout; `what` says of what, after "must be". */
export function projectPathOf(what: string) {
    return z.string().superRefine((text, context) => {
        if (text.trim() === "" || text.includes("\0")) context.addIssue(`must be ${what}, relative to Pulumi.yaml`);
        else if (/^([/~\\]|[A-Za-z]:)/.test(text)) {
            context.addIssue(
                "must be relative to Pulumi.yaml: in another checkout an absolute path would be another one",
            );
        }
    });
}
