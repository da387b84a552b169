import { z } from "zod";
import { described, describedMap, projectPathOf } from "../checking/blockShape.ts";
import { isDnsLabel, isHostName } from "../checking/hostNames.ts";
import { isImageReference } from "../checking/imageReference.ts";
import { BROWSER_EXAMPLE, SERVICE_IMAGES } from "../checking/serviceImages.ts";
import { imageShape } from "../image/imageShape.ts";
import { wrongOwnKey } from "../settings/dallingerKeys.ts";
import { APP_DEFAULTS } from "./appDefaults.ts";
import { repositoryShape } from "./backupRepository.ts";
import { isSchedule } from "./backupSchedule.ts";

/** What `experiment.archive` says while an app is taken off its server and the name of its backup is not known yet. */
export const LEAVING = "leaving";

/** Whether a text is the name of a backup: the UTC time at which it was made, and a number where one of that second was there. */
export function isBackupName(text: string): boolean {
    return /^\d{8}T\d{6}Z(-\d+)?$/.test(text);
}

/** Longest name of an app: with `app_` before it and a suffix behind it, PostgreSQL's 63 bytes must hold it. */
const LONGEST_NAME = 40;

/** Names that an app cannot have, because the server itself answers there. */
const RESERVED_NAMES: readonly string[] = ["logs"];

const NAME = `a DNS label of at most ${LONGEST_NAME} characters: lower-case letters, digits, hyphens inside`;
const STACK_PART = "[A-Za-z0-9_.-]{1,100}";
const BACKUP = "the name of a backup such as 20260101T120000Z";
const NOT_YET = "is not available yet: it is local, or names the stack of a server, { stack: lab1 }";

const name = z.string().superRefine((text, context) => {
    if (!isDnsLabel(text) || text.length > LONGEST_NAME)
        context.addIssue(`must be ${NAME}, not ${JSON.stringify(text)}`);
    else if (RESERVED_NAMES.includes(text)) context.addIssue(`must not be "${text}": the server itself answers there`);
});

const path = projectPathOf("the path of the experiment's folder");

const stack = z.string().regex(new RegExp(`^(${STACK_PART}/){0,2}${STACK_PART}$`));

/** Ports that need no rights of an administrator. */
const port = (description: string, defaultsTo: string) =>
    described(z.int().min(1024).max(65_535).optional(), {
        description,
        expected: "a port from 1024 to 65535",
        example: "5000",
        defaultsTo,
    });

const serviceImage = (service: "postgres" | "redis") =>
    described(z.string().refine(isImageReference, "must be an image reference, such as postgres:17").optional(), {
        description: `Image of ${service}`,
        expected: "an image reference",
        example: SERVICE_IMAGES[service],
        defaultsTo: SERVICE_IMAGES[service],
    });

/** Docker's notation. */
const size = z.string().regex(/^[1-9]\d*(\.\d+)?[kmg]$/i);

const parameterName = z.string().superRefine((key, context) => {
    const wrong = wrongOwnKey(key);
    if (wrong !== undefined) context.addIssue(wrong);
});

const parameterType = described(z.enum(["str", "int", "float", "bool"]), {
    description: "Type of the key",
    expected: "str, int, float or bool",
    example: "str",
});

const hostnames = z
    .array(
        described(z.string().refine(isHostName, "must be a DNS name in lower case, without scheme and port"), {
            description: "A host name",
            expected: "a DNS name in lower case",
            example: "study.lab.example",
        }),
    )
    .superRefine((names, context) => {
        if (new Set(names).size < names.length) context.addIssue("names one host name twice");
    });

const archive = z.string().superRefine((text, context) => {
    if (text === LEAVING) context.addIssue("says that `./ops/dallinger leave` has begun and not ended: run it again");
    else if (!isBackupName(text)) {
        context.addIssue(`must be ${BACKUP}, not ${JSON.stringify(text)}: \`./ops/dallinger backups list\` shows them`);
    }
});

const SCHEDULE = "hourly, daily, weekly, or a calendar expression of systemd such as Mon..Fri *-*-* 03:00";

const schedule = z.string().superRefine((text, context) => {
    if (!isSchedule(text)) context.addIssue(`must be ${SCHEDULE}, not ${JSON.stringify(text)}`);
});

const kept = (least: number) => z.int().min(least).max(1000);

const keptFacts = (description: string, example: string) => ({
    description,
    expected: "a whole number from 0 to 1000",
    example,
    defaultsTo: "0",
});

const KEEPS_NOTHING = "keeps nothing: one of last, daily, weekly, monthly has to be 1 or more";

const keptByDefault = Object.entries(APP_DEFAULTS.keptBackups)
    .filter(([, number]) => number > 0)
    .map(([key, number]) => `${key} ${number}`)
    .join(", ");

/** Shape of the block `experiment`. */
export const experimentShape = z.strictObject({
    path: described(path.optional(), {
        description: "Folder of the experiment, relative to Pulumi.yaml; needed where its image is built",
        expected: "a path relative to Pulumi.yaml",
        example: "../experiments/recall",
    }),
    name: described(name, { description: "Name of the app on its server", expected: NAME, example: "recall" }),
    on: described(
        z
            .union([
                z.literal("local"),
                z.strictObject({
                    stack: described(stack, {
                        description:
                            "Stack that prepared the server: stack, project/stack or organization/project/stack",
                        expected: "the name of a stack",
                        example: "lab1",
                    }),
                }),
            ])
            .optional(),
        {
            description: "Where the experiment runs, when this stack has no server block",
            expected: "local, for this machine, or a map that names the stack of a server: { stack: lab1 }",
            refused: { heroku: NOT_YET },
        },
    ),
    local: describedMap("The experiment on this machine, with `on: local`", {
        port: port("Port of this machine on which the experiment answers", "the first free one from 5000 on"),
        databasePort: port(
            "Port of this machine on which tools reach the experiment's PostgreSQL",
            "none: only the experiment reaches it",
        ),
        redisPort: port(
            "Port of this machine on which tools reach the experiment's Redis",
            "none: only the experiment reaches it",
        ),
        images: describedMap("Images of the experiment's own services", {
            postgres: serviceImage("postgres"),
            redis: serviceImage("redis"),
            browser: described(z.string().refine(isImageReference, "must be an image reference").optional(), {
                description:
                    "Image of a browser and its driver, which answers on port 4444, for Dallinger's bots; `none` where they need none",
                expected: "an image reference, or none",
                example: BROWSER_EXAMPLE,
                defaultsTo: "no bots",
            }),
        }),
        fresh: described(z.string().max(100).optional(), {
            description: "Anything; with another text the experiment begins once more, with an empty database",
            expected: "a text",
            example: "2026-01-01",
        }),
        save: described(z.boolean().optional(), {
            description: "Whether the data is saved before `destroy`, or `fresh`, removes it",
            expected: "true or false",
            example: "false",
            defaultsTo: String(APP_DEFAULTS.saveLocal),
        }),
    }),
    hostnames: described(hostnames.optional(), {
        description:
            "Host names of the app instead of the one below the server's DNS name; Dallinger makes its links with the first",
        expected: "a list of DNS names in lower case",
        defaultsTo: "`<name>.<dnsHost>`",
    }),
    checkFromHere: described(z.boolean().optional(), {
        description:
            "Whether `up` asks each host name from the machine it runs on, before the launch; false where that machine cannot see what participants can",
        expected: "true or false",
        example: "false",
        defaultsTo: String(APP_DEFAULTS.checkFromHere),
    }),
    image: imageShape.optional(),
    parameters: described(z.record(parameterName, parameterType).optional(), {
        description: "The experiment's own settings: key and type, as it registers them with Dallinger",
        expected: "a map of keys and types",
        defaultsTo: "those of config.txt, as str",
    }),
    limits: describedMap("What the app may take of the server", {
        memory: described(size.optional(), {
            description: "Memory of each of the app's containers",
            expected: "a size such as 512m or 2g",
            example: "2g",
            defaultsTo: "no limit",
        }),
        cpus: described(z.number().positive().max(1024).optional(), {
            description: "Processors of each of the app's containers",
            expected: "a number above 0, such as 1.5",
            example: "2",
            defaultsTo: "no limit",
        }),
        connections: described(z.int().min(6).max(300).optional(), {
            description:
                "Connections of the app to PostgreSQL, of the 1100 that a server has for its apps; another number restarts pgbouncer",
            expected: "a whole number from 6 to 300",
            example: "20",
            defaultsTo: String(APP_DEFAULTS.connections),
        }),
        freeSpace: described(size.optional(), {
            description: "What has to be free on the server before an image is pulled there",
            expected: "a size such as 500m or 2g",
            example: "2g",
            defaultsTo: `${APP_DEFAULTS.freeSpace / 1024}g`,
        }),
        requestBody: described(size.optional(), {
            description:
                "What the body of one request to the app may have: a larger one is answered with 413. While a request is under way, what it uploads may take as much of the server's disk, or memory",
            expected: "a size such as 20m or 1g",
            example: "256m",
            defaultsTo: `${APP_DEFAULTS.requestBody / 1024 ** 2}m`,
        }),
    }),
    releases: describedMap("Releases of the app", {
        keep: described(z.int().min(1).max(50).optional(), {
            description: "Releases that stay on the server with their images, to go back to",
            expected: "a whole number from 1 to 50",
            example: "5",
            defaultsTo: String(APP_DEFAULTS.retainedReleases),
        }),
        healthyWithin: described(z.int().min(10).max(3600).optional(), {
            description: "Seconds that a new release gets to become healthy",
            expected: "a whole number of seconds from 10 to 3600",
            example: "180",
            defaultsTo: String(APP_DEFAULTS.healthyWithin),
        }),
        quietWithin: described(z.int().min(0).max(3600).optional(), {
            description:
                "Seconds that a new release waits, before anything starts, where the server has no memory for it or participants wait for its processors. After that it is refused; with 0 it goes on at once and tells",
            expected: "a whole number of seconds from 0 to 3600",
            example: "600",
            defaultsTo: String(APP_DEFAULTS.quietWithin),
        }),
    }),
    backup: describedMap("Backups of the app", {
        workersTimeout: described(z.int().min(1).max(86_400).optional(), {
            description:
                "Seconds that workers get to finish their jobs, before a backup that precedes a removal and when a new release replaces them",
            expected: "a whole number of seconds from 1 to 86400",
            example: "600",
            defaultsTo: String(APP_DEFAULTS.workersTimeout),
        }),
        schedule: described(schedule.optional(), {
            description:
                "When the app is saved while it works, by a timer of its server; another schedule restarts nothing",
            expected: SCHEDULE,
            example: "daily",
            defaultsTo: "never: it is saved by `./ops/dallinger backups make` and before a removal",
        }),
        keep: described(
            z
                .union([
                    kept(1),
                    z
                        .strictObject({
                            last: described(kept(0).optional(), keptFacts("The last ones", "3")),
                            daily: described(
                                kept(0).optional(),
                                keptFacts("The last one of each of so many days", "7"),
                            ),
                            weekly: described(kept(0).optional(), keptFacts("… of so many weeks", "4")),
                            monthly: described(kept(0).optional(), keptFacts("… of so many months", "6")),
                        })
                        .refine((map) => Object.values(map).some((number = 0) => number > 0), KEEPS_NOTHING),
                ])
                .optional(),
            {
                description:
                    "Scheduled backups that stay on the server, and in the repository; the others go when one is made. Those of removals and those made by hand stay",
                expected: "a whole number from 1 to 1000, of the last ones, or a map with last, daily, weekly, monthly",
                example: "7",
                defaultsTo: keptByDefault,
            },
        ),
        repository: repositoryShape,
    }),
    mended: described(z.string().max(100).optional(), {
        description:
            "Written by `./ops/dallinger mend`: the next `up` brings the app on the server to what the stack says",
        expected: "a text",
        example: "2026-01-01T00:00:00Z",
    }),
    archive: described(archive.optional(), {
        description:
            "Backup on the server that the app begins with where it has no data yet; written by `./ops/dallinger leave` and `./ops/dallinger restore`",
        expected: BACKUP,
        defaultsTo: "none: an app begins with an empty database",
    }),
});
