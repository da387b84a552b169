import { z } from "zod";
import { isPinnedReference } from "../components/configuration/checking/imageReference.ts";
import { SERVICE_IMAGES } from "../components/configuration/checking/serviceImages.ts";
import { serverDoor } from "../components/targets/server/doors.ts";
import { enterDoor } from "./enterDoor.ts";
import { EXIT } from "./exitStatus.ts";
import { pulumi } from "./pulumiCommand.ts";
import { Refusal } from "./refusal.ts";
import { shellOfStack } from "./shellOfStack.ts";
import { blocksOfStack } from "./stackBlocks.ts";

const references = z.record(z.string(), z.string()).default({});
const block = z.object({ images: references, resolved: references });

/**
 * Asks the registries, from the stack's server, what the tags of its services' images mean today, and notes in the stack's
 * configuration what is another image than the one that runs. Nothing restarts until `pulumi up`. @returns the exit status.
 */
export async function resolveServices(stack: string | undefined): Promise<number> {
    const parsed = block.safeParse((await blocksOfStack(stack)).get("server"));
    if (!parsed.success) throw new Refusal("this stack prepares no server: name one that does with --stack STACK");
    const { resolved, images } = parsed.data;
    const tagged = Object.entries({ ...SERVICE_IMAGES, ...images }).filter(
        ([, reference]) => !isPinnedReference(reference),
    );
    const shell = await shellOfStack(stack);
    const words = new Set(tagged.map(([, reference]) => reference));
    const answers = readAnswers(await shell.output(enterDoor(serverDoor, "images", "anew", ...words)));
    for (const [service, reference] of tagged) await note(stack, service, reference, resolved[service], answers);
    return EXIT.done;
}

/** Reference -> what the server says of it. */
type Answers = ReadonlyMap<string, { readonly image: string; readonly runs: boolean }>;

function readAnswers(text: string): Answers {
    const lines = text.split("\n").map((line) => line.split(" "));
    return new Map(
        lines.flatMap(([reference, image, runs]) =>
            reference === undefined || image === undefined ? [] : [[reference, { image, runs: runs === "same" }]],
        ),
    );
}

async function note(
    stack: string | undefined,
    service: string,
    reference: string,
    noted: string | undefined,
    answers: Answers,
): Promise<void> {
    const answer = answers.get(reference);
    if (answer === undefined) throw new Refusal(`the server has not said what ${reference} means`);
    const meaning = `${reference}@${answer.image.replace(/^.*@/, "")}`;
    // What was noted and has not been brought up must not stay where the tag has gone back.
    const stale = noted?.startsWith(`${reference}@`) && noted !== meaning;
    if (!answer.runs || stale) {
        await pulumi(stack, ["config", "set", "--path", `dallinger:server.resolved.${service}`, meaning]);
    }
    console.log(
        answer.runs
            ? `${service}: ${reference} means the image that runs`
            : `${service}: ${meaning}, ${restarting(service)}`,
    );
}

function restarting(service: string): string {
    if (service === "postgres" || service === "caddy")
        return "with which the next `./pulumi up` makes it anew; `./pulumi preview` announces that";
    const anew = "with which each app's next `./pulumi up`, after that of this stack, makes its own anew";
    return service === "redis" ? `${anew}; an app's workers start again with it` : anew;
}
