import { execa } from "execa";
import { z } from "zod";
import { CONTENT_LABEL } from "../components/image/build/dockerBuild.ts";
import { WATCHING_LABEL } from "../components/image/build/watching.ts";
import type { PruneEnd, PrunePlan } from "./pruned.ts";
import { Refusal } from "./refusal.ts";

const images = z.array(
    z.object({
        Id: z.string(),
        RepoTags: z.array(z.string()).nullish(),
        Size: z.number(),
        Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
    }),
);

/** The images on this machine that were built for experiments here, and that no container has. @throws {Refusal} when docker does not answer. */
export async function unusedLocalImages(): Promise<PrunePlan> {
    const built = words(await docker("image", "ls", "-q", "--no-trunc", "--filter", `label=${CONTENT_LABEL}`));
    if (built.length === 0) return { parts: [], busy: [] };
    const containers = words(await docker("ps", "-aq"));
    const used = containers.length === 0 ? [] : words(await docker("inspect", "--format", "{{.Image}}", ...containers));
    return { parts: unusedAmong(await docker("image", "inspect", ...new Set(built)), new Set(used)), busy: [] };
}

/**
 * Those among images, as `docker image inspect` describes them, that were built for this machine alone and that no container has; an image
 * to which what follows edits was added stays as long as the one with that is used.
 */
export function unusedAmong(text: string, used: ReadonlySet<string>): PrunePlan["parts"] {
    const found = images.parse(JSON.parse(text)).map(({ Id, RepoTags, Size, Config }) => ({
        ...{ id: Id, tags: RepoTags ?? [], bytes: Size },
        ...{ content: Config?.Labels?.[CONTENT_LABEL], watches: Config?.Labels?.[WATCHING_LABEL] !== undefined },
    }));
    const contents = new Set(found.filter(({ id }) => used.has(id)).map(({ content }) => content));
    return found
        .filter(({ id, tags, content, watches }) => {
            const isBase = tags.length > 0 && tags.every((tag) => tag.endsWith("-base")) && !contents.has(content);
            // Others may be on their way to a registry or a server.
            return !used.has(id) && (watches || isBase);
        })
        .map(({ id, tags, bytes }) => ({ kind: "image", id, name: tags[0] ?? "none", bytes }));
}

/** Removes images, but what has come to be used or has another name: docker refuses that. */
export async function removeLocalImages({ parts }: PrunePlan): Promise<PruneEnd> {
    const gone: string[] = [];
    let freed = 0;
    for (const { id, bytes } of parts) {
        const removed = await execa("docker", ["image", "rm", id], { reject: false, stdin: "ignore" });
        if (removed.failed) continue;
        gone.push(id);
        freed += bytes;
    }
    return { gone, freed };
}

function words(text: string): string[] {
    return text.split(/\s+/).filter((word) => word !== "");
}

async function docker(...args: readonly string[]): Promise<string> {
    const asked = await execa("docker", args, { reject: false, stdin: "ignore" });
    if (asked.failed)
        throw new Refusal(`the Docker engine of this machine does not answer: ${asked.stderr || asked.shortMessage}`);
    return asked.stdout;
}
