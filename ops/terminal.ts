import { execa } from "execa";

/** Whether somebody sits at a terminal who can be asked, and sees what is said. */
export function atTerminal(): boolean {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Has the terminal be afterwards what it is before, also when who has it for their own in between was killed. */
export async function keepingTerminal<T>(run: () => Promise<T>): Promise<T> {
    const stty = (...args: string[]) => execa("stty", args, { stdin: "inherit", reject: false });
    const before = await stty("-g");
    try {
        return await run();
    } finally {
        if (!before.failed) await stty(before.stdout);
    }
}
