import { InvalidArgumentError } from "@commander-js/extra-typings";

/** Reads a port of TCP that was typed. @throws {InvalidArgumentError} for anything else. */
export function portNumber(text: string): number {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new InvalidArgumentError("It has to be a number from 1 to 65535.");
}
