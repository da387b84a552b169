import { withoutControls } from "./withoutControls.ts";

/**
 * How a program gets the standard streams of this command, byte by byte. With `ownsTerminal` it has the terminal for its own, as a shell
 * has; what any other says to one, an app may have said, and does not command it.
 */
export function passedThrough(ownsTerminal: boolean) {
    const to = (stream: NodeJS.WriteStream) =>
        ownsTerminal || !stream.isTTY ? ("inherit" as const) : (["inherit", harmless()] as const);
    return { stdin: "inherit", stdout: to(process.stdout), stderr: to(process.stderr), buffer: false } as const;
}

function harmless() {
    const decoder = new TextDecoder();
    return {
        binary: true,
        *transform(chunk: Uint8Array) {
            const lines = decoder.decode(chunk, { stream: true }).replaceAll("\r\n", "\n").split("\n");
            yield lines.map(withoutControls).join("\n");
        },
    } as const;
}
