/**
 * Whether something printed has a text by which docs/troubleshooting.md knows a lost connection. It knows our plugin's words and
 * those of the original one, which says neither what has happened nor what to do.
 */
export function saysConnectionLost(printed: string, troubleshooting: string): boolean {
    return textsOfLostConnection(troubleshooting).some((parts) => parts.every((part) => printed.includes(part)));
}

/** Those texts, each as the parts around what differs from time to time. */
export function textsOfLostConnection(troubleshooting: string): string[][] {
    const row = troubleshooting.split("\n").find((line) => line.includes("was lost`")) ?? "";
    const [seen = "", todo = ""] = row.split(" | ");
    if (!todo.includes("run the same command again")) return [];
    return [...seen.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.split("…").map((part) => part.trim()));
}
