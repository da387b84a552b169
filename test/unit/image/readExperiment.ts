import type { TestContext } from "node:test";
import { type BuildContext, readBuildContext } from "../../../components/image/context/buildContext.ts";
import { contentHash } from "../../../components/image/context/contentHash.ts";
import { type Content, temporaryFolder } from "./temporaryFolder.ts";

/** The least that is an experiment. */
export const EXPERIMENT = { "experiment.py": "# an experiment\n", "requirements.txt": "dallinger==12.4.0\n" };

/** Reads a folder with an experiment and these files beside it. */
export function read(context: TestContext, files: Readonly<Record<string, Content>>) {
    const found = readBuildContext(temporaryFolder(context, { ...EXPERIMENT, ...files }), ".");
    return { ...found, paths: sortedPaths(found.files) };
}

export function sortedPaths(files: BuildContext["files"]): string[] {
    return files.map(({ path }) => path).toSorted();
}

export function digestOf(files: BuildContext["files"], path: string): string | undefined {
    return files.find((file) => file.path === path)?.digest;
}

export function hashOf({ files }: BuildContext): string {
    return contentHash({ files, platform: "linux/amd64", buildArgs: {} });
}
