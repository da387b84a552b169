/** Gives the text of a file, by its path relative to Pulumi.yaml; nothing when it cannot be read. */
export type ReadFile = (path: string) => string | undefined;
