import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Refusal } from "../refusal.ts";
import type { ExportPart } from "./exportStream.ts";
import { Identities } from "./identities.ts";
import { contentOf, learnIdentities, newFile, saveAnonymousTable, saveTable } from "./tableFile.ts";

/** Which of the two an export is made of: with who has taken part, and without. */
export const VARIANTS = ["regular", "anonymous"] as const;

/** One of them; the folder with it has its name. */
export type Variant = (typeof VARIANTS)[number];

/** The table of participants (Dallinger's). */
const PARTICIPANTS = "participant";

/** Holds what is not wanted for itself, until it is no longer needed. */
const RECEIVED = "received";

/** Names of tables, and records, are small: more of them is nothing that a server sends. */
const LARGEST_TEXT = 16 * 1024 * 1024;

/** Path of a table in a variant's folder, where it is until it is in the archive, and in that. */
export function tablePath(table: string): string {
    return `data/${table}.csv`;
}

/** Takes the parts of an export as they come, and writes them into a folder that holds nothing else. */
export class ReceivedExport {
    /** Tables, in the order in which they came. */
    readonly rows = new Map<string, number>();
    readonly identities = new Identities();
    /** What the server's record says of the release that ran, in JSON; empty where it has none. */
    record = "";
    private readonly folder: string;
    private readonly variants: readonly Variant[];
    private readonly say: (progress: string) => void;
    private names: readonly string[] = [];
    private counted: ReadonlyMap<string, number> = new Map();
    private isComplete = false;

    constructor(folder: string, variants: readonly Variant[], say: (progress: string) => void) {
        this.folder = folder;
        this.variants = variants;
        this.say = say;
    }

    /** @throws {Refusal} when a part has not come whole. */
    async take({ name, argument, content }: ExportPart): Promise<void> {
        switch (name) {
            case "names":
                this.names = checkNames(lines(await textOf(content)));
                break;
            case "rows":
                this.counted = readRows(await this.keep("rows", content));
                break;
            case "record":
                this.record = await this.keep("release.json", content);
                break;
            case "launch-started":
            case "launch.json":
                await this.keep(name, content);
                break;
            case "table":
                await this.takeTable(Number(argument), content);
                break;
            case "complete":
                this.checkTables();
                break;
            case "end":
                this.checkComplete();
                break;
            default:
                await this.takeLarge(name, argument, content);
        }
    }

    private async takeLarge(name: string, argument: string, content: AsyncIterable<Buffer>): Promise<void> {
        switch (name) {
            case "dump":
                this.say("receiving the dump of the database");
                return await this.save("database.dump", content);
            case "files":
                this.say("receiving the files that the experiment has saved");
                return await this.save("files.tar", content);
            case "log":
                return await this.save(join("logs", `${checkLog(argument)}.log`), content);
            case "dumped":
            case "told":
                return checkStatus(argument);
            default:
                throw new Refusal(`the server has sent a part that this version does not know: ${name}`);
        }
    }

    private async takeTable(number: number, content: AsyncIterable<Buffer>): Promise<void> {
        const table = this.names[number - 1];
        // The server asks for more tables than there were a moment before.
        if (table === undefined) return await checkEmpty(content);
        this.say(`receiving ${table} (${number} of ${this.names.length} tables, ${this.counted.get(table)} rows)`);
        this.rows.set(table, await saveTable(content, await this.fileFor(this.asItCame, tablePath(table))));
    }

    /**
     * Writes the tables without who has taken part, where that is wanted: once all have come, because an answer can name somebody who came
     * later. What they are made from stays only where it is wanted, too.
     */
    async hideParticipants(): Promise<void> {
        if (!this.variants.includes("anonymous")) return;
        const { identities } = this;
        // Participants' own names for them count before those of other tables.
        const tables = [...this.rows.keys()].toSorted(
            (a, b) => Number(b === PARTICIPANTS) - Number(a === PARTICIPANTS),
        );
        for (const table of tables)
            await learnIdentities(await this.fileFor(this.asItCame, tablePath(table)), { table, identities });
        for (const table of tables) {
            this.say(`writing ${table} without who has taken part`);
            const source = contentOf(await this.fileFor(this.asItCame, tablePath(table)));
            const file = await this.fileFor("anonymous", tablePath(table));
            const rows = await saveAnonymousTable(source, { file, table, identities });
            if (rows !== this.rows.get(table))
                throw new Refusal(
                    `of the table ${table} ${this.rows.get(table)} rows have come, and ${rows} are in it`,
                );
        }
        await rm(join(this.folder, RECEIVED), { recursive: true, force: true });
    }

    /** The folder of the tables with who has taken part. */
    private get asItCame(): typeof RECEIVED | Variant {
        return this.variants.includes("regular") ? "regular" : RECEIVED;
    }

    /** What names nobody, and is kept beside the data where they are not anonymous. */
    private async keep(path: string, content: AsyncIterable<Buffer>): Promise<string> {
        const text = await textOf(content);
        if (this.variants.includes("regular")) {
            await pipeline([text], newFile(await this.fileFor("regular", path)));
        }
        return text;
    }

    private async save(path: string, content: AsyncIterable<Buffer>): Promise<void> {
        await pipeline(content, newFile(await this.fileFor("regular", path)));
    }

    private async fileFor(variant: typeof RECEIVED | Variant, path: string): Promise<string> {
        const file = join(this.folder, variant, path);
        await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
        return file;
    }

    private checkTables(): void {
        for (const table of this.names) {
            const [rows, counted] = [this.rows.get(table), this.counted.get(table)];
            if (rows === undefined)
                throw new Refusal(`the table ${table} has not come, and nothing is kept: repeat the command`);
            if (rows !== counted)
                throw new Refusal(
                    `of the table ${table} ${rows} rows have come, and it has ${counted}: nothing is kept`,
                );
        }
        this.isComplete = true;
    }

    private checkComplete(): void {
        if (!this.isComplete)
            throw new Refusal("the database has not come to its end, and nothing is kept: repeat the command");
    }
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of content) {
        size += piece.length;
        if (size > LARGEST_TEXT) throw new Refusal("the server has sent what is no export: a record without end");
        pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
}

function lines(text: string): string[] {
    return text.split("\n").filter((line) => line !== "");
}

/** They become files. */
function checkNames(names: readonly string[]): readonly string[] {
    const wrong = names.find((name) => !/^[A-Za-z0-9_%~.-]{1,220}$/.test(name));
    if (wrong === undefined && new Set(names).size === names.length) return names;
    throw new Refusal(`the server has sent a table's name that is none: ${wrong ?? "the same one twice"}`);
}

function checkLog(name: string): string {
    if (/^[a-zA-Z0-9-]{1,100}$/.test(name)) return name;
    throw new Refusal(`the server has sent a log's name that is none: ${name}`);
}

function readRows(text: string): ReadonlyMap<string, number> {
    return new Map(
        lines(text).map((line) => {
            const [name = "", rows = ""] = line.split(" ");
            return [name, Number(rows)] as const;
        }),
    );
}

function checkStatus(status: string): void {
    if (status !== "0")
        throw new Refusal(
            "a part of the export could not be read on the server, and nothing is kept: repeat the command",
        );
}

async function checkEmpty(content: AsyncIterable<Buffer>): Promise<void> {
    for await (const _ of content) throw new Refusal("the server has sent a table without a name: repeat the command");
}
