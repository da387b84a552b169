import { z } from "zod";
import { described } from "./blockShape.ts";
import { isPinnedReference, isRepository } from "./imageReference.ts";
import { PLATFORMS } from "./serverShape.ts";

const repository = z.string().superRefine((text, context) => {
    if (isRepository(text)) return;
    const extra = /[:@][^/]*$/.test(text) ? ", without tag and digest" : "";
    context.addIssue(`must be a repository of a registry${extra}, such as ghcr.io/lab/recall`);
});

const reference = z.string().superRefine((text, context) => {
    if (!isPinnedReference(text)) {
        context.addIssue("must name an image by digest (repository@sha256:…): a tag may mean another image tomorrow");
    }
});

/** Shape of `experiment.image`; that its first two keys exclude each other is checked apart, beside other problems. */
export const imageShape = described(
    z.strictObject({
        repository: described(repository.optional(), {
            description: "Repository that the image is built for and pushed to",
            expected: "a repository without tag",
            example: "ghcr.io/lab/recall",
        }),
        reference: described(reference.optional(), {
            description: "Image that was built before, by digest, instead of building one",
            expected: "an image by digest",
            example: "ghcr.io/lab/recall@sha256:…",
        }),
        delivery: described(z.literal("registry").optional(), {
            description: "How the image gets to the server",
            expected: "registry",
            example: "registry",
            standard: "registry",
        }),
        platform: described(z.enum(PLATFORMS).optional(), {
            description: "Platform that the image is built for",
            expected: PLATFORMS.join(" or "),
            example: "linux/amd64",
            standard: "that of the server block, else linux/amd64",
        }),
    }),
    {
        description: "The experiment's image",
        expected: "a map with repository or reference",
    },
);
