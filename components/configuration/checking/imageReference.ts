const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const DOMAIN = "(?:localhost|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9-]+)*)(?::\\d{1,5})?";
const NAME = `(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*`;
const TAG = "[\\w][\\w.-]{0,127}";
const DIGEST = "sha256:[0-9a-f]{64}";

const REPOSITORY = new RegExp(`^${NAME}$`);
const REFERENCE = new RegExp(`^${NAME}(?::${TAG})?(?:@${DIGEST})?$`);
const PINNED = new RegExp(`^${NAME}(?::${TAG})?@${DIGEST}$`);
const IMAGE_ID = new RegExp(`^${DIGEST}$`);
const TAGGED = new RegExp(`^${NAME}:${TAG}$`);

/** Whether the text names a repository of a registry, without tag and digest: `ghcr.io/lab/recall`. */
export function isRepository(text: string): boolean {
    return text.length <= 255 && REPOSITORY.test(text);
}

/** Whether the text is an image reference in Docker's sense: a repository, with or without tag and digest. */
export function isImageReference(text: string): boolean {
    return text.length <= 500 && REFERENCE.test(text);
}

/** Whether the text is an image reference that holds a digest, and so always means the same image. */
export function isPinnedReference(text: string): boolean {
    return text.length <= 500 && PINNED.test(text);
}

/** Whether the text is an image reference that names one image of its repository: by tag, by digest or by both. */
export function isSpecificReference(text: string): boolean {
    return text.length <= 500 && (PINNED.test(text) || TAGGED.test(text));
}

/** The repository of an image reference, without tag and digest. */
export function repositoryOf(reference: string): string {
    return reference.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}

/** Whether the text is the id of an image, by which an engine knows what no registry has. */
export function isImageId(text: string): boolean {
    return IMAGE_ID.test(text);
}
