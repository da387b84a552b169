/** An experiment's config.txt in which these keys have these values, whatever they had before. */
export function configurationFile(text: string, values: Readonly<Record<string, string>>): string {
    const kept = text
        .trimEnd()
        .split("\n")
        .filter((line) => !Object.hasOwn(values, line.split("=")[0]?.trim() ?? ""));
    const own = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    return `${[...kept, ...own].join("\n")}\n`;
}
