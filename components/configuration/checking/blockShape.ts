import { z } from "zod";

/** What is said about a key in problems and in the documentation. */
export interface KeyFacts {
    /** What the key means to the user. */
    readonly description: string;
    /** What it may be, after "must be". */
    readonly expected: string;
    /** A value for the command that sets it; a map takes that of its first key. */
    readonly example?: string;
    /** What counts when it is left out, in words. */
    readonly defaultsTo?: string;
    /** Values that are known and refused, and why, as a sentence without its subject; `*` stands for any value. */
    readonly refused?: Readonly<Record<string, string>>;
}

/** Ties the facts to the shape of a key; goes last, because zod's wrappers do not pass them on. */
export function described<T extends z.ZodType>(shape: T, facts: KeyFacts): T {
    return shape.meta({ ...facts });
}

/** The shape of a map that can be left out, described by its keys. */
export function describedMap<T extends z.core.$ZodLooseShape>(description: string, keys: T) {
    const expected = `a map with ${Object.keys(keys).join(", ")}`;
    return described(z.strictObject(keys).optional(), { description, expected });
}

/** A key of a block, with what is known about it. */
export interface DescribedKey extends Partial<KeyFacts> {
    /** Whether the map that it is in cannot be without it. */
    readonly required: boolean;
    /** Its own keys, when it is a map; `*` stands for any key or index. */
    readonly keys: ReadonlyMap<string, DescribedKey>;
}

/** Shapes never change, and describing one takes longer than checking a whole configuration. */
const trees = new WeakMap<z.ZodType, DescribedKey>();

/** Turns a block's shape into a tree of what is known about its keys. */
export function describeShape(shape: z.ZodType): DescribedKey {
    const tree = trees.get(shape) ?? describeSchema(z.toJSONSchema(shape, { io: "input", unrepresentable: "any" }));
    trees.set(shape, tree);
    return tree;
}

/** Finds what is known about the key at a path, or nothing when there is no such key. */
export function describedAt(root: DescribedKey, keys: readonly PropertyKey[]): DescribedKey | undefined {
    const step = (at: DescribedKey | undefined, key: PropertyKey) => at?.keys.get(String(key)) ?? at?.keys.get("*");
    return keys.reduce<DescribedKey | undefined>(step, root);
}

/** Why a value is refused although it is known, or nothing. */
export function refusalOf({ refused = {} }: DescribedKey, value: unknown): string | undefined {
    const refusals = new Map(Object.entries(refused));
    return refusals.get("*") ?? (typeof value === "string" ? refusals.get(value) : undefined);
}

type Schema = z.core.JSONSchema.BaseSchema;

function describeSchema(schema: Schema, required = false): DescribedKey {
    const variants = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
    const keys = variants.flatMap((variant) => [
        ...Object.entries(variant.properties ?? {}).map(
            ([key, value]) => [key, value, variant.required?.includes(key) ?? false] as const,
        ),
        ["*", variant.additionalProperties, false] as const,
        ["*", variant.items, false] as const,
    ]);
    return {
        ...factsOf(schema),
        required,
        keys: new Map(
            keys.flatMap(([key, value, needed]) => (isSchema(value) ? [[key, describeSchema(value, needed)]] : [])),
        ),
    };
}

const textFacts = z.object({
    description: z.string().optional(),
    expected: z.string().optional(),
    example: z.string().optional(),
    defaultsTo: z.string().optional(),
    refused: z.record(z.string(), z.string()).optional(),
});

function factsOf(schema: Schema): Partial<KeyFacts> {
    const { description, expected, example, defaultsTo, refused } = textFacts.parse(schema);
    return {
        ...(description !== undefined && { description }),
        ...(expected !== undefined && { expected }),
        ...(example !== undefined && { example }),
        ...(defaultsTo !== undefined && { defaultsTo }),
        ...(refused !== undefined && { refused }),
    };
}

function isSchema(value: unknown): value is Schema {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Shape of a path that is the same in everybody's checkout; `what` says of what, after "must be". */
export function projectPathOf(what: string) {
    return z.string().superRefine((text, context) => {
        if (text.trim() === "" || text.includes("\0")) context.addIssue(`must be ${what}, relative to Pulumi.yaml`);
        else if (/^([/~\\]|[A-Za-z]:)/.test(text)) {
            context.addIssue(
                "must be relative to Pulumi.yaml: in another checkout an absolute path would be another one",
            );
        }
    });
}
