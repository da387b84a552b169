import { join } from "node:path";

/** Folder of Pulumi.yaml, which paths in the configuration are relative to. */
export const projectFolder = join(import.meta.dirname, "..");
