import { findFoldedDallingerKey } from "./dallingerKeys.ts";

/** What is wrong with the name of a setting of the experiment's own, which becomes a variable of its containers. */
export function wrongOwnKey(key: string): string | undefined {
    const known = findFoldedDallingerKey(key);
    if (known !== undefined) return `is Dallinger's own key ${known.name}, whose type is known: leave it out here`;
    if (!/^[A-Za-z_][\w.-]*$/.test(key)) return "must be a name of letters, digits, underscores, hyphens and dots";
    // Upper-case names are those of the system (PATH, HOME, PYTHONPATH); Python's HTTP clients read *_proxy.
    if (!/[a-z]/.test(key)) return "must hold a lower-case letter: variables in upper case belong to the system";
    if (/_proxy$/i.test(key)) return "would change how the app reaches the network: another name is needed";
    return undefined;
}
