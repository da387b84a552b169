import type { Problem } from "../../configuration/checking/problems.ts";

/** An image that a Dockerfile takes something from. */
export interface BaseImage {
    /** The reference with its variables replaced. */
    readonly image: string;
    /** Number of the line that names it. */
    readonly line: number;
}

interface Instruction {
    readonly keyword: string;
    readonly rest: string;
    readonly line: number;
}

/** The images that a Dockerfile builds on or copies from, without its own stages and `scratch`; each once. */
export function baseImages(dockerfile: string, buildArgs: Readonly<Record<string, string>>): BaseImage[] {
    const variables = new Map<string, string>();
    const stages = new Set(["scratch"]);
    const found = new Map<string, BaseImage>();
    const add = (name: string, line: number) => {
        const image = substituted(name, variables);
        if (image === "" || stages.has(image.toLowerCase()) || /^\d+$/.test(image) || found.has(image)) return;
        found.set(image, { image, line });
    };
    let inStage = false;
    for (const { keyword, rest, line } of instructions(dockerfile)) {
        const [, name = "", byDefault = ""] = /^([A-Za-z_]\w*)(?:=(.*))?$/.exec(rest) ?? [];
        if (keyword === "ARG" && !inStage) variables.set(name, buildArgs[name] ?? unquoted(byDefault));
        if (keyword === "FROM") {
            inStage = true;
            const [image = "", as, stage] = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
            add(image, line);
            if (as?.toUpperCase() === "AS" && stage !== undefined) stages.add(stage.toLowerCase());
        }
        const [, copied = ""] = /(?:^|\s)--from=(\S+)/.exec(keyword === "COPY" ? rest : "") ?? [];
        const mounted = keyword === "RUN" ? [...rest.matchAll(/--mount=\S*?\bfrom=([^,\s]+)/g)] : [];
        for (const one of [copied, ...mounted.map(([, from = ""]) => from)]) add(one, line);
    }
    return [...found.values()];
}

/** Says of each image without a digest that it may be another one tomorrow. */
export function checkBaseImages(place: (line: number) => string, images: readonly BaseImage[]): Problem[] {
    const loose = images.filter(({ image }) => !isPinnedImage(image));
    return loose.map(({ image, line }) => ({
        path: place(line),
        message: `takes ${image} without a digest: its makers may put another image there, and the hash would not tell`,
        fix: "./ops/dallinger pin   (writes the digest of today)",
    }));
}

/** Whether a reference always means the same image. */
function isPinnedImage(image: string): boolean {
    return /@sha256:[0-9a-f]{64}$/.test(image);
}

/** Version of Python, `3.13`, that the name of an official image tells. */
export function pythonOf(image: string): string | undefined {
    return /(?:^|\/)python:(\d+\.\d+)/.exec(image)?.[1];
}

function instructions(dockerfile: string): Instruction[] {
    const found: Instruction[] = [];
    let open: { text: string; line: number } | undefined;
    for (const [index, raw] of dockerfile.split(/\r?\n/).entries()) {
        if (/^\s*(#|$)/.test(raw)) continue;
        const goesOn = /\\\s*$/.test(raw);
        const text = `${open?.text ?? ""} ${raw.replace(/\\\s*$/, "")}`.trim();
        const line = open?.line ?? index + 1;
        open = goesOn ? { text, line } : undefined;
        const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
        if (!goesOn) found.push({ keyword: keyword.toUpperCase(), rest, line });
    }
    return found;
}

/** `$NAME`, `${NAME}` and `${NAME:-default}`. */
function substituted(text: string, variables: ReadonlyMap<string, string>): string {
    return unquoted(text).replaceAll(/\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g, (_, bare, braced, byDefault = "") => {
        return variables.get(String(bare ?? braced)) || String(byDefault);
    });
}

function unquoted(text: string): string {
    return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
