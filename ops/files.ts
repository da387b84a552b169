import { explain } from "../components/configuration/checking/problems.ts";
import { taggedName } from "../components/image/build/dockerBuild.ts";
import { formatSize, totalSize } from "../components/image/files/sizeLimit.ts";
import { EXIT } from "./exitStatus.ts";
import { imageOfStack } from "./imageOfStack.ts";

/**
 * Prints what goes into the image of a stack's experiment: each file with its size, `x` where it may be run, what it is built on,
 * the hash and the name. Contacts no server and no registry. @returns the exit status.
 */
export async function listFiles(stack: string | undefined): Promise<number> {
    const { path, image, platform, plan } = await imageOfStack(stack);
    const { files, archive, bases, contentHash, problems, warnings } = plan();
    const width = Math.max(...files.map(({ size }) => formatSize(size).length));
    for (const file of files) {
        console.log(`${formatSize(file.size).padStart(width)} ${file.executable ? "x" : " "} ${file.path}`);
    }
    const dallinger = archive.filter((file) => file.path.startsWith("packages/dallinger/")).length;
    console.log(`${files.length} files of ${path}, ${formatSize(totalSize(files))}`);
    if (dallinger > 0) console.log(`${dallinger} files of ${image.dallinger}, for a wheel of Dallinger`);
    for (const base of bases) console.log(`on ${base.image} for ${platform}`);
    if (contentHash !== "") {
        console.log(`hash ${contentHash}`);
        console.log(`name ${taggedName({ ...image, contentHash })}`);
    }
    if (warnings.length > 0) console.error(explain("The same source may make another image one day.", warnings));
    if (problems.length > 0) console.error(explain("The image cannot be built.", problems));
    return problems.length > 0 ? EXIT.refused : EXIT.done;
}
