import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const templates = join(import.meta.dirname, "../../templates");

/** A script's functions by name, and what is outside of them. */
interface Script {
    readonly functions: ReadonlyMap<string, string>;
    readonly body: string;
    readonly sources: readonly string[];
}

function parse(path: string): Script {
    const text = readFileSync(join(templates, path), "utf8");
    const code = text.replaceAll(/^\s*#.*$/gm, "");
    const found = [...code.matchAll(/^(\w+)\(\) [{(]\n(.*?)^[})]/gms)];
    const functions = new Map(found.map(([, name = "", body = ""]) => [name, body]));
    const sources = [...text.matchAll(/^# shellcheck source=templates\/(\S+)$/gm)].map(([, source = ""]) => source);
    return { functions, body: found.reduce((rest, [whole]) => rest.replace(whole, ""), code), sources };
}

const paths = [...globSync("**/*.sh", { cwd: templates }), "app/app", "server/server"];
const scripts = new Map(paths.map((path) => [path, parse(path)]));
const everywhere = [...new Set([...scripts.values()].flatMap(({ functions }) => [...functions.keys()]))];

/** Names of functions, of any script, that a text calls: words where a command begins. */
function called(text: string): string[] {
    const before = String.raw`(?:^\s*|\$\(|[|&;{(!] ?|\b(?:if|then|else|do|while|until|elif|trap|with_server_lock) )`;
    const call = (name: string) => new RegExp(String.raw`\(${name}\)|${before}(?:! )?${name}(?=[\s;]|$)`, "m");
    return everywhere.filter((name) => call(name).test(text));
}

/** A script and all that it sources. */
function closure(path: string, seen = new Set<string>()): Set<string> {
    const script = scripts.get(path);
    if (script === undefined || seen.has(path)) return seen;
    seen.add(path);
    for (const source of script.sources) closure(source, seen);
    return seen;
}

/** Functions that are called on the way from a script's first line, or a verb's, and that neither it, nor what it sources, has. */
function missing(path: string): string[] {
    const [, door, verb] = /^(\w+)\/verbs\/(\w+)\.sh$/.exec(path) ?? [];
    const parts = [...closure(path), ...(door === undefined ? [] : closure(`${door}/${door}`))];
    const known = new Map(parts.flatMap((part) => [...(scripts.get(part)?.functions ?? [])]));
    const open = [...called(scripts.get(path)?.body ?? ""), ...(verb === undefined ? [] : [`verb_${verb}`])];
    const reached = new Set<string>();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (reached.has(name)) continue;
        reached.add(name);
        open.push(...called(known.get(name) ?? ""));
    }
    // A door takes what it does from the verb's file, which is looked at by itself.
    return [...reached].filter((name) => !known.has(name) && !name.startsWith("verb_"));
}

// The shell says so when it comes there, which for what follows a removal that broke off may be years.
test("no script calls a function that it has not sourced", () => {
    const isScript = (path: string) => readFileSync(join(templates, path), "utf8").startsWith("#!");
    const runs = paths.filter((path) => path.includes("/verbs/") || isScript(path));
    assert.ok(runs.length > 15 && everywhere.length > 150);
    assert.deepEqual(
        Object.fromEntries(runs.map((path) => [path, missing(path)]).filter(([, names]) => names?.length)),
        {},
    );
});
