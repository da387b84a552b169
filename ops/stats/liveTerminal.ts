import type { ReadStream, WriteStream } from "node:tty";

/** The terminal's other screen, without a cursor; and back to what was there before (xterm's ctlseqs, DECSET 1049 and 25). */
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";

const CTRL_C = "\u0003";

const SIGNALS = ["SIGTERM", "SIGHUP"] as const;

/** A terminal that goes on showing something until somebody types q or Ctrl-C. Whatever ends that, it is left as it was found. */
export class LiveTerminal {
    private readonly input: ReadStream;
    private readonly output: WriteStream;
    private readonly enough: () => void;

    /** `enough` is called when somebody has seen enough. */
    constructor(input: ReadStream, output: WriteStream, enough: () => void) {
        this.input = input;
        this.output = output;
        this.enough = enough;
    }

    /** Draws lines of each sample, in the place of the one before. @throws what the samples do, unless somebody has seen enough. */
    async show<T>(samples: AsyncIterable<T>, draw: (sample: T) => string[], signal: AbortSignal): Promise<void> {
        const typed = (keys: Buffer) => {
            if (["q", "Q", CTRL_C].some((key) => keys.includes(key))) this.enough();
        };
        const wasRaw = this.input.isRaw;
        const leave = () => {
            this.output.write(LEAVE);
            this.input.setRawMode(wasRaw);
            for (const each of SIGNALS) process.off(each, interrupted);
        };
        const interrupted = (received: NodeJS.Signals) => {
            leave();
            // Others may have something to put away, and then end.
            if (process.listenerCount(received) === 0) process.kill(process.pid, received);
        };
        for (const each of SIGNALS) process.on(each, interrupted);
        this.input.setRawMode(true);
        this.input.on("data", typed);
        this.output.write(ENTER);
        try {
            this.draw(["looking …"]);
            for await (const sample of samples) {
                if (signal.aborted) break;
                this.draw(draw(sample));
            }
        } catch (error) {
            if (!signal.aborted) throw error;
        } finally {
            leave();
            this.input.off("data", typed).pause();
        }
    }

    /** What does not fit is left out: a line that is folded would move the others. */
    private draw(lines: readonly string[]): void {
        // A terminal may not say how large it is.
        const [columns, rows] = [this.output.columns || 80, this.output.rows || 24];
        const shown = [...lines.slice(0, rows - 2), "", "q quits"].map((line) => line.slice(0, columns - 1));
        this.output.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J`);
    }
}
