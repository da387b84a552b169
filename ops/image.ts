import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isPinnedReference } from "../components/configuration/checking/imageReference.ts";
import { parseConfigTxt } from "../components/configuration/settings/configTxt.ts";
import { setInConfigTxt } from "../components/configuration/settings/configTxtEdit.ts";
import { orMissing } from "../components/local/orMissing.ts";
import { projectFolder } from "../components/program/projectFolder.ts";
import { EXIT } from "./exitStatus.ts";
import { experimentOfStack } from "./experimentOfStack.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";

/** The key by which Dallinger's own command finds an image that was built before. */
const KEY = "docker_image_name";

/** Notes in the stack's configuration that the next `pulumi up` asks the registry again what a tag means. @returns the exit status. */
export async function resolveImage(stack: string | undefined): Promise<number> {
    const { image } = await experimentOfStack(stack);
    const reference = image?.reference;
    if (reference === undefined) {
        throw new Refusal(
            "this stack refers to no image that was built before (image.reference): `./pulumi up` builds it",
        );
    }
    if (isPinnedReference(reference)) {
        throw new Refusal(`${reference} names an image by digest, which never means another one`);
    }
    const now = new Date().toISOString();
    await pulumi(stack, ["config", "set", "--path", "dallinger:experiment.image.resolved", "--type", "string", now]);
    console.log(`the next \`./pulumi up\` asks the registry what ${reference} means`);
    return EXIT.done;
}

/** Writes the image that the stack runs into its experiment's config.txt; no other line of that changes. @returns the exit status. */
export async function recordImage(stack: string | undefined): Promise<number> {
    const { path } = await experimentOfStack(stack);
    if (path === undefined) {
        throw new Refusal(
            "this stack has no experiment.path, and so no config.txt: `./pulumi stack output image` names its image",
        );
    }
    const image = (await pulumi(stack, ["stack", "output", "image"])).trim();
    if (!isPinnedReference(image)) {
        throw new Refusal(`the stack's image, ${image}, is in no registry: nobody else could run it by that name`);
    }
    const file = join(projectFolder, path, "config.txt");
    const before = (await orMissing(readFile(file, "utf8"))) ?? "";
    const after = setInConfigTxt(before, KEY, image);
    if (parseConfigTxt(after).values.get(KEY) !== image) {
        throw new Refusal(`${path}/config.txt has ${KEY} in several sections: leave one of them`);
    }
    if (after !== before) await writeFile(file, after);
    console.log(`${path}/config.txt has ${KEY} = ${image}`);
    return EXIT.done;
}
