import { z } from "zod";
import { described, projectPathOf } from "../checking/blockShape.ts";
import { EXAMPLE_KEY } from "../checking/hostKeys.ts";
import { isImageReference, isRepository, isSpecificReference } from "../checking/imageReference.ts";
import { PLATFORMS } from "../checking/platform.ts";
import { wrongKnownHost } from "./knownHosts.ts";

/** Ways in which an image that is built gets to its server: by a registry, by ssh from the machine that builds it, or by being built there. */
export const DELIVERIES = ["registry", "ssh", "server"] as const;

/** A way in which an image gets to its server. */
export type Delivery = (typeof DELIVERIES)[number];

/** The ways in which an image gets to where it runs: those to a server, and `local`, none, because the engine that builds it runs it. */
export const ROUTES = [...DELIVERIES, "local"] as const;

/** A way in which an image gets to where it runs. */
export type Route = (typeof ROUTES)[number];

const repository = z.string().superRefine((text, context) => {
    if (isRepository(text)) return;
    const extra = /[:@][^/]*$/.test(text) ? ", without tag and digest" : "";
    context.addIssue(`must be a repository of a registry${extra}, such as ghcr.io/lab/recall`);
});

const reference = z.string().superRefine((text, context) => {
    if (!isSpecificReference(text)) {
        context.addIssue("must name an image by digest (repository@sha256:…) or by tag (repository:tag)");
    }
});

const base = z.string().refine(isImageReference, "must be an image, such as python:3.13-slim-trixie@sha256:…");

const knownHost = z.string().superRefine((line, context) => {
    const wrong = wrongKnownHost(line);
    if (wrong !== undefined) context.addIssue(`must ${wrong}`);
});

/** Shape of `experiment.image`; that some of its keys need or exclude each other is checked apart, beside other problems. */
export const imageShape = described(
    z.strictObject({
        repository: described(repository.optional(), {
            description: "Repository that the image is built for and, with delivery registry, pushed to",
            expected: "a repository without tag",
            example: "ghcr.io/lab/recall",
            defaultsTo:
                "`docker_image_base_name` of config.txt; where that is none, required with delivery registry, else the app's name",
        }),
        reference: described(reference.optional(), {
            description:
                "Image that was built before, instead of building one; what a tag means is asked once and kept",
            expected: "an image by digest or by tag",
            example: "ghcr.io/lab/recall@sha256:…",
        }),
        resolved: described(z.string().max(100).optional(), {
            description:
                "Written by `./ops/dallinger resolve`: the next `up` asks the registry again what the tag of image.reference means",
            expected: "a text",
            example: "2026-01-01T00:00:00Z",
        }),
        delivery: described(z.enum(DELIVERIES).optional(), {
            description:
                "How the image that is built gets to the server: by a registry, by ssh from here, or by being built there",
            expected: "registry, ssh or server",
            example: "ssh",
            defaultsTo: "registry",
        }),
        platform: described(z.enum(PLATFORMS).optional(), {
            description: "Platform that the image is built for; another one than the server's is refused",
            expected: PLATFORMS.join(" or "),
            example: "linux/amd64",
            defaultsTo: "that of the server",
        }),
        base: described(base.optional(), {
            description: "Image that the experiment's is built on, by digest; `./ops/dallinger pin` renews the digest",
            expected: "an image of Python",
            example: "python:3.13-slim-trixie",
            defaultsTo: "python:3.13-slim-trixie by the digest in templates/image/Dockerfile",
        }),
        dallinger: described(projectPathOf("the path of a checkout").optional(), {
            description: "Checkout of Dallinger that is installed in place of a released version",
            expected: "a path relative to Pulumi.yaml",
            example: "../Dallinger",
        }),
        strict: described(z.boolean().optional(), {
            description: "Whether packages and base images that are not pinned are refused, instead of warned of",
            expected: "true or false",
            example: "true",
            defaultsTo: "false",
        }),
        maxSize: described(z.int().min(1).max(100_000).optional(), {
            description: "Megabytes that the experiment's files may have together",
            expected: "a whole number from 1 to 100000",
            example: "256",
            defaultsTo: "256",
        }),
        tagLength: described(z.int().min(8).max(64).optional(), {
            description: "Hex digits of the content's hash that make the tag",
            expected: "a whole number from 8 to 64",
            example: "8",
            defaultsTo: "8",
        }),
        knownHosts: described(
            z
                .array(
                    described(knownHost, {
                        description: "A host and its key",
                        expected: "a line of known_hosts",
                        example: `github.com ${EXAMPLE_KEY}`,
                    }),
                )
                .optional(),
            {
                description: "Hosts that private packages come from by ssh (git+ssh://…), each with its public key",
                expected: "a list of lines of known_hosts",
            },
        ),
        registryUser: described(
            z
                .string()
                .regex(/^[^\s:]+$/)
                .optional(),
            {
                description:
                    "User that the server pulls the image as, where the registry wants a login; the password is serverSecrets.registryPassword",
                expected: "a user name of the registry",
                example: "lab-deploy",
                defaultsTo: "nobody: the registry lets everybody pull",
            },
        ),
    }),
    {
        description: "The experiment's image",
        expected: "a map with repository, reference or delivery",
        defaultsTo: "built for `docker_image_base_name` of config.txt, else required",
    },
);
