import { setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { CastSetting } from "./castSetting.ts";
import { closestRecruiter, isUnknownNickname } from "./recruiters.ts";

/** The names in a setting such as `bots: 5, mturk: 1`, as Dallinger finds them. */
export function listedRecruiters(list: string): string[] {
    return [...list.matchAll(/(\w+):\s*\d+/g)].map(([, name = ""]) => name);
}

/** What is said of recruiters that Dallinger itself does not have: the experiment may bring them, or the name is a slip. */
export function recruiterWarnings(settings: ReadonlyMap<string, CastSetting>): Problem[] {
    const isLive = settings.get("mode")?.cast === "live";
    const named = (setting: string) => String(settings.get(setting)?.cast ?? "").trim();
    const isList = named("recruiter") === "multi" || named("recruiter") === "MultiRecruiter";
    return [
        ...["recruiter", "debug_recruiter"].map((setting) => [setting, [named(setting)]] as const),
        ["recruiters", isList ? listedRecruiters(named("recruiters")) : []] as const,
    ].flatMap(([name, recruiters]) => {
        const setting = settings.get(name);
        if (setting === undefined) return [];
        return recruiters.filter(isUnknownNickname).map((recruiter) => warning(setting, recruiter, isLive));
    });
}

function warning({ name, layer, path, override }: CastSetting, recruiter: string, isLive: boolean): Problem {
    const isSecret = layer === "secrets";
    const closest = isSecret ? undefined : closestRecruiter(recruiter);
    const message = [
        `${isSecret ? "the name" : JSON.stringify(recruiter)} is none of Dallinger's recruiters`,
        closest === undefined ? "" : ` (did you mean "${closest}"?)`,
        ": unless the experiment or a package of its own brings it, the launch fails",
        name === "recruiters" ? " when those before it in the list have recruited" : "",
        isLive ? "; mode is live, so make sure of the name before anybody is recruited and paid" : "",
    ].join("");
    return {
        path,
        message,
        ...(closest !== undefined && name !== "recruiters" && { fix: setCommand(override, closest) }),
    };
}
