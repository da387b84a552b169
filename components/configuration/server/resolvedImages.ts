import { isPinnedReference, repositoryOf } from "../checking/imageReference.ts";
import { RELEASED_IMAGES } from "./releasedImages.ts";

/** Service -> reference of its image. */
export type ServiceReferences = Readonly<Record<string, string>>;

/** Service -> reference by digest, or the id of an image that no registry has; not there as long as nobody knows. */
export type PinnedImages = Readonly<Record<string, string>>;

/** What is known of images without asking a server: by references that hold a digest, by `resolved`, by this release. */
export function pinnedImages(images: ServiceReferences, resolved: ResolvedImages): PinnedImages {
    const pinned = Object.entries(images).flatMap(([service, reference]) => {
        if (isPinnedReference(reference)) return [[service, reference]];
        const meanings = [resolved[service], RELEASED_IMAGES[service]];
        const digest = meanings.find((text) => text?.startsWith(`${reference}@`))?.slice(reference.length);
        return digest === undefined ? [] : [[service, repositoryOf(reference) + digest]];
    });
    return Object.fromEntries(pinned);
}

/** The references whose meaning a server has to be asked for, each once. */
export function openReferences(images: ServiceReferences, resolved: ResolvedImages): string[] {
    const pinned = pinnedImages(images, resolved);
    const open = Object.entries(images).filter(([service]) => pinned[service] === undefined);
    return [...new Set(open.map(([, reference]) => reference))].toSorted();
}

/** The same with what a server has answered, a line "REFERENCE IMAGE" each. */
export function withAnswers(images: ServiceReferences, pinned: PinnedImages, answers: string): PinnedImages {
    const known = new Map(answers.split("\n").map((line) => [line.split(" ")[0], line.split(" ")[1]]));
    const answered = Object.entries(images).flatMap(([service, reference]) => {
        const image = pinned[service] ?? known.get(reference);
        return image === undefined ? [] : [[service, image]];
    });
    return Object.fromEntries(answered);
}

/** What tag_pinned of templates/shared/pinned.sh reads: a line "REFERENCE IMAGE" for each image that is known by more than a tag. */
export function pinnedLines(images: ServiceReferences, pinned: PinnedImages): string {
    const lines = Object.entries(images).flatMap(([service, reference]) => {
        const image = pinned[service] ?? "";
        return image === "" ? [] : [`${reference} ${image}\n`];
    });
    return [...new Set(lines)].toSorted().join("");
}

/** Service -> what its reference means, `postgres:17@sha256:…`; one for another reference than the service's does not count. */
export type ResolvedImages = Readonly<Record<string, string | undefined>>;
