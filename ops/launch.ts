import { EXIT } from "./exitStatus.ts";
import type { LaunchState, Resolution } from "./launchState.ts";
import { operationsOfStack } from "./operationsOfStack.ts";
import { ask, requireAnswerable } from "./question.ts";
import { Refusal } from "./refusal.ts";
import { withoutControls } from "./withoutControls.ts";

/**
 * Prints what is known of the launch of a stack's app; it never launches. @returns the exit status: {@link EXIT.differs} where nobody
 * knows whether it is launched.
 */
export async function showLaunch(stack: string | undefined, json: boolean): Promise<number> {
    const known = await (await operationsOfStack(stack)).launch();
    console.log(json ? JSON.stringify([known], null, 2) : describeLaunch(known));
    return known.state === "unknown" ? EXIT.differs : EXIT.done;
}

/**
 * Says what a person has found out of a launch whose outcome nobody knows, after showing what is known and asking. @returns the exit status.
 *
 * @throws {Refusal} when there is nothing to say, or nobody agrees.
 */
export async function resolveLaunch(stack: string | undefined, how: Resolution, yes: boolean): Promise<number> {
    requireAnswerable(yes);
    const operations = await operationsOfStack(stack);
    const after = await operations.resolveLaunch(how, async (known) => {
        console.error(describeLaunch(known));
        if (known.state !== "unknown") throw new Refusal(nothingTo[how]);
        await ask(question[how], yes);
    });
    const wanted = how === "accept" ? "known" : "none";
    if (after.state !== wanted)
        throw new Refusal(`the answer came meanwhile, and nothing was changed:\n${describeLaunch(after)}`);
    console.log(how === "accept" ? "it counts as launched" : "the next `./pulumi up` launches it");
    return EXIT.done;
}

const nothingTo: Readonly<Record<Resolution, string>> = {
    accept: "there is no launch of an unknown outcome to accept: nothing was changed",
    forget: "there is no launch of an unknown outcome to forget: nothing was changed",
};

const question: Readonly<Record<Resolution, string>> = {
    accept: "Is it launched, as the recruiter's site shows, so that `./pulumi up` goes on without launching it?",
    forget: "Has nobody been recruited, as the recruiter's site shows, so that the next `./pulumi up` launches it?",
};

/** What is known, in lines for people. What an app's recruiter has said does not command their terminal. */
export function describeLaunch({ state, begun = "a time that is not known", answer }: LaunchState): string {
    const said = answer === undefined ? [] : answer.split("\n").map(withoutControls);
    switch (state) {
        case "none":
            return "not launched yet: `./pulumi up` launches it";
        case "begun":
            return `a launch was begun at ${begun}, and a command is at work on the app: ask again`;
        case "known":
            return [`launched at ${begun}`, ...said].join("\n");
        case "unknown":
            return [
                `a launch was begun at ${begun}, and nobody knows its outcome: it is not repeated`,
                ...said,
                "Look at the recruiter's site, at the dashboard (`./ops/dallinger open`) and at the log (`./ops/dallinger logs web`).",
                "If it is launched: `./ops/dallinger launch accept`; if not: `./ops/dallinger launch forget`. Then run `./pulumi up`.",
            ].join("\n");
    }
}
