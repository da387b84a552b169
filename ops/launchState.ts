import { z } from "zod";

/**
 * What is known of an app's launch:
 *
 * - `none`: it has not been launched;
 * - `begun`: it is being launched, or waits with an unknown outcome while another command is at work;
 * - `unknown`: a launch was begun, and its answer was lost or leaves open whether participants were recruited;
 * - `known`: it is launched.
 */
export type LaunchOutcome = "none" | "begun" | "unknown" | "known";

/** The launch of an app. */
export interface LaunchState {
    readonly state: LaunchOutcome;
    /** UTC time at which it was begun; not there before, nor where only the answer is left. */
    readonly begun?: string | undefined;
    /** What the recruiter has said, or else Dallinger's whole answer. The app's text. */
    readonly answer?: string | undefined;
}

/** What a person finds out of an unknown outcome: the experiment is launched, or it is not. */
export type Resolution = "accept" | "forget";

const states: z.ZodType<LaunchOutcome> = z.enum(["none", "begun", "unknown", "known"]);

/** Reads what the app's verb `launch show` prints (templates/app/verbs/launch.sh). @throws {Error} when the state is not there. */
export function readLaunch(text: string): LaunchState {
    const facts = new Map(
        text.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)] as const),
    );
    const answer = facts.get("answer");
    return {
        state: states.parse(facts.get("state")),
        begun: facts.get("begun"),
        answer: answer === undefined ? facts.get("said") : recruitment(answer),
    };
}

const answered = z.object({ recruitment_msg: z.string() });

/** What the recruiter says in Dallinger's answer, or the answer itself where it does not. */
export function recruitment(answer: string): string {
    try {
        const parsed = answered.safeParse(JSON.parse(answer));
        return parsed.success ? parsed.data.recruitment_msg : answer;
    } catch {
        return answer;
    }
}
