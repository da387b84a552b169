import { stripVTControlCharacters } from "node:util";

/** What an experiment says, participants may have sent: the terminal of who reads it takes no commands from that, and shows it in its order. */
export function withoutControls(line: string): string {
    return stripVTControlCharacters(line).replaceAll(/(?!\t)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, "\u{FFFD}");
}
