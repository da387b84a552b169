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

/**
 * Whether a name may be a recruiter.
 *
 * Dallinger looks for a nickname or class name among all recruiter classes that are loaded, those of the experiment included,
 * and says no only at the launch. A class name of the experiment's own is therefore taken as it is; an unknown nickname is more
 * often a slip (`hotiar`), and the class can always be named instead.
 */
export function isRecruiterName(name: string): boolean {
    return findRecruiter(name) !== undefined || /^[A-Z]\w*$/.test(name);
}
