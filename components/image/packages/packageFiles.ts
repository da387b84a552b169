import { configurationPath, setCommand } from "../../configuration/checking/configurationPath.ts";
import type { Problem } from "../../configuration/checking/problems.ts";
import {
    isLocal,
    isPinned,
    type PipOption,
    parseRequirements,
    type Requirement,
    readIncluded,
} from "./requirements.ts";

/** What the installation of an experiment's packages is made from. */
export interface PackageSource {
    /** The experiment's folder as it is shown. */
    readonly folder: string;
    /** Text of one of its files by its path there, if there is one. */
    readonly text: (path: string) => string | undefined;
    readonly usesConstraints: boolean;
    /** Whether Dallinger comes from a checkout, whatever the files say. */
    readonly hasCheckout: boolean;
    readonly strict: boolean;
}

/** Files for the installation, by path in the folder of `install.sh`; what is wrong; what the packages come from. */
export interface PackageFiles {
    readonly files: Readonly<Record<string, string>>;
    readonly problems: readonly Problem[];
    /** All that is asked for, in both files. */
    readonly requirements: readonly Requirement[];
}

/** Where the checkout of Dallinger is while packages are installed. */
const CHECKOUT = "file:///packages/dallinger";

/**
 * The requirements and constraints that pip is given: what other files add with `-r` is put in, addresses are those of the
 * constraints, and Dallinger's is that of the checkout where there is one.
 */
export function packageFiles(source: PackageSource): PackageFiles {
    const { folder, text, usesConstraints, hasCheckout, strict } = source;
    const constraints = parseRequirements(text("constraints.txt") ?? "");
    const hasOwn = text("requirements.txt") !== undefined;
    const { requirements, options, problems } = hasOwn
        ? readIncluded(source, "requirements.txt")
        : { ...constraints, problems: [] };
    const pins = usesConstraints ? constraints.requirements : [];
    const wanted = requirements.map((requirement) => resolved(requirement, pins, hasCheckout));
    if (hasCheckout && !requirements.some(isDallinger)) wanted.push(`dallinger @ ${CHECKOUT}`);
    const kept = pins.filter(
        (pin) => pin.name !== "" && !(isDallinger(pin) && hasCheckout) && !replaces(pin, requirements),
    );
    const pinned = [...pins, ...requirements].filter(isPinned).map(({ name }) => name);
    const found = [...requirements, ...pins];
    return {
        files: {
            "requirements.txt": lines([...options.map(optionLine), ...wanted]),
            ...(usesConstraints && {
                "constraints.txt": lines(kept.map(({ text: pin, extras }) => pin.replace(extras, ""))),
            }),
            "dallinger.txt": lines(wanted.filter((line) => /^dallinger\b(?!-)/i.test(line))),
            "pinned.txt": lines([...new Set([...pinned, ...(hasCheckout ? ["dallinger"] : [])])].toSorted()),
            ...(strict && { strict: "" }),
        },
        problems: [...problems, ...found.filter(isLocal).map((requirement) => localRequirement(folder, requirement))],
        requirements: found,
    };
}

/** Text of the line that pip is given for a requirement. */
function resolved(requirement: Requirement, pins: readonly Requirement[], hasCheckout: boolean): string {
    const { name, extras, url, marker } = requirement;
    if (isDallinger(requirement) && hasCheckout) return `dallinger${extras} @ ${CHECKOUT}`;
    const pin = url === "" ? undefined : pins.find((one) => one.name === name && one.url !== "");
    if (pin === undefined) return requirement.text;
    return `${name}${extras} @ ${pin.url}${marker === "" ? "" : ` ; ${marker}`}`;
}

/** Whether the address of a pin has become that of a requirement: pip would find the two in conflict. */
function replaces(pin: Requirement, requirements: readonly Requirement[]): boolean {
    return pin.url !== "" && requirements.some(({ name, url }) => url !== "" && name === pin.name);
}

function isDallinger({ name }: Requirement): boolean {
    return name === "dallinger";
}

function localRequirement(folder: string, { text }: Requirement): Problem {
    const key = configurationPath("experiment", "image", "dallinger");
    return {
        path: `${folder}/requirements.txt`,
        message: `asks for ${text}, a path of some machine: packages come from an index or a repository`,
        fix: `A checkout of Dallinger is named in the stack's configuration, relative to Pulumi.yaml:\n${setCommand(key, "../Dallinger")}\nand in requirements.txt by \`dallinger\`. Code of the experiment's own is imported from its folder.`,
    };
}

function optionLine({ name, value }: PipOption): string {
    return `${name} ${value}`.trim();
}

function lines(texts: readonly string[]): string {
    return texts.map((text) => `${text}\n`).join("");
}
