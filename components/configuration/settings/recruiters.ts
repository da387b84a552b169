import { closestKey } from "../checking/closestKey.ts";
import { setCommand } from "../checking/configurationPath.ts";
import type { Problem } from "../checking/problems.ts";
import type { CastSetting } from "./castSetting.ts";

/** A recruiter that comes with Dallinger. */
export interface Recruiter {
    readonly nickname: string;
    readonly className: string;
    /** Whether it can leave the publishing to a person (`publish_experiment` false). */
    readonly publishesLater: boolean;
}

/** The recruiters of Dallinger 12.4, by either of the names that it finds them under. */
const RECRUITERS: readonly Recruiter[] = [
    { nickname: "bots", className: "BotRecruiter", publishesLater: false },
    { nickname: "cli", className: "CLIRecruiter", publishesLater: false },
    { nickname: "devprolific", className: "DevProlificRecruiter", publishesLater: true },
    { nickname: "hotair", className: "HotAirRecruiter", publishesLater: false },
    { nickname: "mockprolific", className: "MockProlificRecruiter", publishesLater: true },
    { nickname: "mturk", className: "MTurkRecruiter", publishesLater: false },
    { nickname: "mturklarge", className: "MTurkLargeRecruiter", publishesLater: false },
    { nickname: "multi", className: "MultiRecruiter", publishesLater: false },
    { nickname: "prolific", className: "ProlificRecruiter", publishesLater: true },
    { nickname: "sim", className: "SimulatedRecruiter", publishesLater: false },
];

/** The recruiter of Dallinger's with that nickname or class name. */
export function findRecruiter(name: string): Recruiter | undefined {
    return RECRUITERS.find(({ nickname, className }) => nickname === name || className === name);
}

/** Whether a text may be a recruiter's nickname or class name. */
export function isRecruiterName(text: string): boolean {
    return /^[A-Za-z][\w.-]*$/.test(text);
}

/**
 * Whether a name is a nickname that Dallinger itself does not know.
 *
 * Dallinger looks for a nickname or class name among all recruiter classes that are loaded, those of the experiment and of its
 * packages included (PsyNet's `generic`), and says no only at the launch. A class name is nobody's slip for a nickname.
 */
function isUnknownNickname(name: string): boolean {
    return isRecruiterName(name) && !/^[A-Z]/.test(name) && findRecruiter(name) === undefined;
}

/** The nickname of Dallinger's that is most like the given one, when one is near enough to be what was meant. */
function closestRecruiter(name: string): string | undefined {
    return closestKey(
        name,
        RECRUITERS.map(({ nickname }) => nickname),
    );
}

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
