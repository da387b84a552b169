import { type DescribedKey, describeShape } from "./checking/blockShape.ts";
import { experimentSecretsShape } from "./experiment/backupRepository.ts";
import { experimentShape } from "./experiment/experimentShape.ts";
import { serverSecretsShape } from "./server/serverSecrets.ts";
import { serverShape } from "./server/serverShape.ts";

/** The blocks whose keys are documented from their shapes. */
export const DOCUMENTED_BLOCKS = {
    server: serverShape,
    serverSecrets: serverSecretsShape,
    experiment: experimentShape,
    experimentSecrets: experimentSecretsShape,
} as const;

/** Every key of a block, as `tls.mode`, with what is known about it. */
export function keysOf(tree: DescribedKey, parents: readonly string[] = []): [string, DescribedKey][] {
    const own = [...tree.keys].filter(([key]) => key !== "*");
    return own.flatMap(([key, known]) => [[[...parents, key].join("."), known], ...keysOf(known, [...parents, key])]);
}

/** Puts the table of each block's keys between its two marks in the text of docs/configuration.md. */
export function withKeyTables(text: string): string {
    return Object.entries(DOCUMENTED_BLOCKS).reduce((page, [block, shape]) => {
        const marks = new RegExp(`(<!-- the keys of ${block}, by make docs -->\n)[^]*?(<!-- end of the keys -->)`);
        return page.replace(marks, (_all, start, end) => `${start}${renderTable(describeShape(shape))}${end}`);
    }, text);
}

function renderTable(tree: DescribedKey): string {
    const head = "| key | what it may be | default | meaning |\n|---|---|---|---|\n";
    const rows = keysOf(tree).map(([key, { expected = "", defaultsTo, required, description = "" }]) => {
        const usual = defaultsTo ?? (required ? "required" : "");
        return `| \`${key}\` | ${expected} | ${usual} | ${description} |\n`;
    });
    return head + rows.join("");
}
