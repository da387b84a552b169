import type { z } from "zod";
import { type DescribedKey, describedAt, describeShape, refusalOf } from "./blockShape.ts";
import { suggestion } from "./closestKey.ts";
import { type Block, configurationPath, removeCommand, setCommand, setSecretCommand } from "./configurationPath.ts";
import type { Problem } from "./problems.ts";
import { property } from "./rawValue.ts";

/** A block with its shape. */
export interface BlockShape<T extends z.ZodType> {
    readonly block: Block;
    readonly shape: T;
    /** Whether its values are secret and so never shown. */
    readonly secret?: boolean;
}

/** A block's value when it has the right shape, and what is wrong when not. */
export interface CheckedBlock<T> {
    readonly value?: T;
    readonly problems: readonly Problem[];
}

/** Checks the shape of a block; every key that is wrong is a problem of its own. */
export function checkBlock<T extends z.ZodType>(blockShape: BlockShape<T>, raw: unknown): CheckedBlock<z.infer<T>> {
    const parsed = blockShape.shape.safeParse(raw);
    if (parsed.success) return { value: parsed.data, problems: [] };
    const { block, secret = false } = blockShape;
    const at = { block, secret, raw, tree: describeShape(blockShape.shape) };
    return { problems: parsed.error.issues.flatMap((issue) => problemsOf(at, issue)) };
}

interface Checking {
    readonly block: Block;
    readonly secret: boolean;
    readonly raw: unknown;
    readonly tree: DescribedKey;
}

function problemsOf(checking: Checking, issue: z.core.$ZodIssue): Problem[] {
    const { block, secret, raw, tree } = checking;
    const known = describedAt(tree, issue.path);
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => unknownKey(configurationPath(block, ...issue.path, key), key, known));
    }
    if (issue.code === "invalid_union") {
        // Of the variants the one that is meant: where what is wrong lies deeper than the value itself.
        const meant = issue.errors.find((errors) => errors.every(isInside));
        if (meant !== undefined) return meant.flatMap((error) => problemsOf(checking, within(issue.path, error)));
    }
    const path = configurationPath(block, ...issue.path);
    const value = valueAt(raw, issue.path);
    const refusal = known === undefined ? undefined : refusalOf(known, value);
    if (refusal !== undefined) {
        return [{ path, message: secret ? refusal : `${shown(value)} ${refusal}`, fix: removeCommand(path) }];
    }
    if (issue.code === "invalid_key") {
        return issue.issues.map(({ message }) => ({ path, message, fix: removeCommand(path) }));
    }
    const fix = fixOf(checking, issue.path, value);
    if (issue.code === "custom") return [{ path, message: issue.message, ...fix }];
    const expected = known?.expected ?? "a map of keys";
    if (value === undefined) return [{ path, message: `is required: ${expected}`, ...fix }];
    return [{ path, message: `must be ${expected}${secret ? "" : `, not ${shown(value)}`}`, ...fix }];
}

function isInside({ code, path }: z.core.$ZodIssue): boolean {
    return path.length > 0 || code === "unrecognized_keys";
}

function within(path: readonly PropertyKey[], issue: z.core.$ZodIssue): z.core.$ZodIssue {
    return { ...issue, path: [...path, ...issue.path] };
}

function unknownKey(path: string, key: string, parent: DescribedKey | undefined): Problem {
    const known = [...(parent?.keys.keys() ?? [])];
    const message = `is not a known key${suggestion(key, known)}; known are ${known.join(", ")}`;
    return { path, message, fix: removeCommand(path) };
}

/** The command that sets the key, or the first key in it when it is a map. */
function fixOf({ block, secret, tree }: Checking, keys: readonly PropertyKey[], value: unknown): { fix?: string } {
    const path = configurationPath(block, ...keys);
    if (secret) return keys.length === 0 ? {} : { fix: setSecretCommand(path) };
    const known = describedAt(tree, keys);
    const inner = [...(known?.keys ?? [])][0];
    if (inner !== undefined) {
        const key = inner[0] === "*" ? 0 : inner[0];
        const deeper = fixOf({ block, secret, raw: value, tree }, [...keys, key], undefined);
        // A plain value in the place of a map has to go first: `config set --path` reaches into maps only.
        const isInTheWay = value !== undefined && typeof value !== "object";
        return isInTheWay && keys.length > 0 && deeper.fix !== undefined
            ? { fix: `${removeCommand(path)}\n${deeper.fix}` }
            : deeper;
    }
    return known?.example === undefined ? {} : { fix: setCommand(path, known.example) };
}

function valueAt(raw: unknown, keys: readonly PropertyKey[]): unknown {
    return keys.reduce<unknown>(property, raw);
}

const LONGEST = 60;

/** A value as a message shows it: JSON on one line, cut when long. */
export function shown(value: unknown): string {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
