import { z } from "zod";

/** Variables of an environment; some may not be set. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Says to a program that a resource runs what it is to do, by a variable of its environment for each key of a request: with the prefix
 * `DALLINGER_DELIVERY`, `freeSpace` is in `DALLINGER_DELIVERY_FREE_SPACE`.
 *
 * The variables are inputs of the resource: the same request gives the same ones, in whatever order its keys are.
 */
export class RequestEnvironment<T extends object> {
    private readonly prefix: string;
    private readonly shape: z.ZodType<T, Variables>;
    private readonly resource: string;

    /** `shape` is made of {@link field}s; `resource` is what runs the program, for whoever runs it by hand. */
    constructor(prefix: string, shape: z.ZodType<T, Variables>, resource: string) {
        this.prefix = prefix;
        this.shape = shape;
        this.resource = resource;
    }

    /** The variables that hold a request. */
    render(request: T): Record<string, string> {
        const texts = Object.entries(z.encode(this.shape, request));
        return Object.fromEntries(
            texts.flatMap(([key, text]) => (text === undefined ? [] : [[this.variable(key), text]])),
        );
    }

    /**
     * Reads the request that {@link render} has written; other variables do not matter.
     *
     * @throws {Error} that names a variable which is missing, or which no request has like that.
     */
    read(environment: Variables): T {
        const own = Object.entries(environment).filter(([name]) => name.startsWith(`${this.prefix}_`));
        const texts = Object.fromEntries(own.map(([name, text]) => [this.key(name), text]));
        const { data, error } = z.safeDecode(this.shape, texts);
        if (error === undefined) return data;
        const [name = this.prefix] = error.issues.map(({ path }) => this.variable(String(path[0])));
        const wrong = environment[name] ? "is not what a request says" : "is not set";
        throw new Error(`${name} ${wrong}: this program is run by ${this.resource}`);
    }

    private variable(key: string): string {
        return `${this.prefix}_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    }

    private key(variable: string): string {
        const words = variable.slice(this.prefix.length + 1).toLowerCase();
        return words.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    }
}

const map = z.record(z.string(), z.string());

/** Fields of a request, each with the text of its variable. An empty text or list, or a flag that is not set, has none. */
export const field = {
    /** Never empty. */
    word: z.string().min(1),
    text: z.codec(z.string().optional(), z.string(), {
        decode: (text = "") => text,
        encode: (value) => (value === "" ? undefined : value),
    }),
    number: z.codec(z.string().min(1), z.number(), { decode: Number, encode: String }),
    /** `yes`. */
    flag: z.codec(z.string().optional(), z.boolean(), {
        decode: (text) => text === "yes",
        encode: (value) => (value ? "yes" : undefined),
    }),
    /** A line each. */
    lines: z.codec(z.string().optional(), z.array(z.string()), {
        decode: (text = "") => (text === "" ? [] : text.split("\n")),
        encode: (value) => (value.length === 0 ? undefined : value.join("\n")),
    }),
    /** JSON; there even if it is empty. */
    map: z.codec(z.string().min(1), map, {
        decode: (text, { issues }) => {
            try {
                return map.parse(JSON.parse(text));
            } catch {
                issues.push({ code: "custom", input: text });
                return z.NEVER;
            }
        },
        encode: (value) => JSON.stringify(Object.fromEntries(Object.entries(value).toSorted(byName))),
    }),
};

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
    return a < b ? -1 : 1;
}
