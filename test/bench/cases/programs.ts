import { z } from "zod";

/** A program with nothing in it. */
export const emptyProgram = "export {};\n";

/** Resources of a stack, other than the stack itself and the providers, which come by themselves. */
export interface ResourceCounts {
    readonly components: number;
    /** Resources with a provider. */
    readonly custom: number;
}

const exported = z.object({
    deployment: z.object({ resources: z.array(z.object({ type: z.string(), custom: z.boolean().optional() })) }),
});

/** How many resources an exported stack has. */
export function countResources(stack: unknown): ResourceCounts {
    const { resources } = exported.parse(stack).deployment;
    const own = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"));
    const custom = own.filter((resource) => resource.custom).length;
    return { components: own.length - custom, custom };
}

/** A program that imports what another one does, and has so many resources that are nothing but resources. */
export function trivialProgram(program: string, { components, custom }: ResourceCounts): string {
    const imports = [...program.matchAll(/^import (?:.*? from )?("\.[^"]+");$/gm)].map(
        ([, module]) => `import ${module};`,
    );
    if (imports.length === 0) throw new Error("the program imports nothing of its own");
    return [
        'import { ComponentResource } from "@pulumi/pulumi";',
        'import { RandomUuid } from "@pulumi/random";',
        ...imports,
        "",
        `for (let index = 0; index < ${components}; index++) new ComponentResource("bench:index:Trivial", \`trivial-\${index}\`);`,
        `for (let index = 0; index < ${custom}; index++) new RandomUuid(\`trivial-\${index}\`);`,
        "",
    ].join("\n");
}
