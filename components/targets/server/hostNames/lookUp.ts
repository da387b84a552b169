import { lookup } from "node:dns/promises";
import { ipAddress } from "../../../configuration/checking/hostNames.ts";
import { property } from "../../../configuration/checking/rawValue.ts";
import type { Answer, LookedUp } from "./lookedUp.ts";

/** Looks a name up as the browsers of this machine do, each type of record by itself: asked for both at once, one that is not answered would pass for none. */
export async function lookUp(hostname: string): Promise<LookedUp> {
    const [A, AAAA] = await Promise.all([ask(hostname, 4), ask(hostname, 6)]);
    return { hostname, answers: { A, AAAA } };
}

async function ask(hostname: string, family: 4 | 6): Promise<Answer> {
    try {
        const found = await lookup(hostname, { family, all: true });
        return { kind: "found", addresses: [...new Set(found.flatMap(({ address }) => ipAddress(address) ?? []))] };
    } catch (error) {
        const code = property(error, "code");
        if (code === "ENOTFOUND" || code === "ENODATA") return { kind: "none" };
        return { kind: "unanswered", reason: typeof code === "string" ? code : String(error) };
    }
}
