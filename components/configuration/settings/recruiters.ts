import { closestKey } from "../checking/closestKey.ts";

/** A recruiter that comes with Dallinger. */
export interface Recruiter {
    readonly nickname: string;
    readonly className: string;
    /** Whether it can leave the publishing to a person (`publish_experiment` false). */
    readonly publishesLater: boolean;
}

/** The recruiters of Dallinger 12.4, by either of the names that it finds them under. */
export const RECRUITERS: readonly Recruiter[] = [
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
export function isUnknownNickname(name: string): boolean {
    return isRecruiterName(name) && !/^[A-Z]/.test(name) && findRecruiter(name) === undefined;
}

/** The nickname of Dallinger's that is most like the given one, when one is near enough to be what was meant. */
export function closestRecruiter(name: string): string | undefined {
    return closestKey(
        name,
        RECRUITERS.map(({ nickname }) => nickname),
    );
}
