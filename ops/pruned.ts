import { z } from "zod";

/** Something that nobody needs any more: an image of ours, or a folder of a run that was killed. Sizes are bytes. */
export interface PrunedPart {
    readonly kind: "image" | "folder";
    /** An image's id or name, or a folder's path. */
    readonly id: string;
    /** What people know it by; `none` for an image without a name. */
    readonly name: string;
    /** Of an image with what it shares with others. */
    readonly bytes: number;
}

/** What would go. */
export interface PrunePlan {
    readonly parts: readonly PrunedPart[];
    /** Apps on which somebody is at work, of which nothing goes; `images` where one is being brought. */
    readonly busy: readonly string[];
}

/** What went. */
export interface PruneEnd {
    /** Ids of what went; what is not among them has come to be needed, or has another name. */
    readonly gone: readonly string[];
    /** Bytes of the disk. */
    readonly freed: number;
}

const bytes = z.coerce.number().int().nonnegative().catch(0);

/** Reads what would go, as the server's verb `prune` prints it (templates/server/verbs/prune.sh). */
export function readPrunePlan(text: string): PrunePlan {
    const lines = text.split("\n").map((line) => line.split(" "));
    return {
        parts: lines.flatMap(([kind, first = "", second = "", ...rest]): PrunedPart[] => {
            if (kind === "image") return [{ kind, id: first, name: rest.join(" "), bytes: bytes.parse(second) }];
            const path = [second, ...rest].join(" ");
            return kind === "folder" ? [{ kind, id: path, name: path, bytes: bytes.parse(first) }] : [];
        }),
        busy: lines.flatMap(([kind, name = ""]) => (kind === "busy" ? [name] : [])),
    };
}

/** Reads what went. @throws {Error} when it does not say how much was freed. */
export function readPruneEnd(text: string): PruneEnd {
    const facts = text.split("\n").map((line) => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1)] as const);
    const freed = facts.find(([key]) => key === "freed")?.[1];
    return {
        gone: facts.flatMap(([key, value]) => (key === "gone" ? [value] : [])),
        freed: z.coerce.number().int().nonnegative().parse(freed),
    };
}
