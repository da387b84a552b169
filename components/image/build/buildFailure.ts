import { registryOf } from "./imageName.ts";

/** What a failed build left behind. */
export interface FailedBuild {
    /** The last lines of its output. */
    readonly output: readonly string[];
    readonly repository: string;
}

/** Causes that no step of the build is to blame for, and what to do about each. */
const ENGINE_CAUSES: readonly (readonly [RegExp, string])[] = [
    [
        /permission denied while trying to connect to the docker/i,
        "Docker refuses this user: add it to the group `docker`, log in again, and check with `docker info`",
    ],
    [
        /cannot connect to the docker daemon|error during connect|failed to connect to the docker API/i,
        "Docker cannot be reached: start it, or set DOCKER_HOST or `docker context use`; check with `docker info`",
    ],
    [
        /unknown command: docker buildx|'buildx' is not a docker command|unknown flag: --(platform|push|provenance)/i,
        "this Docker has no buildx, or one before 0.10: install the plugin docker-buildx",
    ],
    [/no space left on device/i, "the engine's disk is full: see `docker system df`, then `docker builder prune`"],
    [
        /exec format error/i,
        "the engine cannot run programs of this platform: give it the emulation (`docker run --privileged --rm tonistiigi/binfmt --install all`, or Debian's qemu-user-static), or have the server build with `image.delivery: server`",
    ],
];

/** What a host says to whom it gives no private code, in a step that asks it for some. */
const HOST_CAUSES: readonly (readonly [RegExp, string])[] = [
    [
        /host key verification failed|remote host identification has changed/i,
        "a host that private code comes from has no key, or another one, in experiment.image.knownHosts",
    ],
    [
        /permission denied \((?:[\w-]+,)*publickey/i,
        "a host that private code comes from refuses every key in your ssh agent: `ssh-add` the one that may read it",
    ],
];

/** Says in one line which step failed and what to do. */
export function explainFailure({ output, repository }: FailedBuild): string {
    const engine = ENGINE_CAUSES.find(([pattern]) => output.some((line) => pattern.test(line)));
    if (engine !== undefined) return engine[1];
    const step = findFailedStep(output);
    if (step === undefined) return lastWord(output);
    if (/^(pushing|exporting) /.test(step.name)) return explainPush(step, repository);
    if (step.name.includes("load metadata for")) return `the base image cannot be had: ${brief(step.error)}`;
    return explainInstruction(step);
}

/** Whether a push has failed of what may be over in a moment: an answer 5xx of the registry, or a connection that broke off. */
export function isPassing(output: readonly string[]): boolean {
    const { name, error } = findFailedStep(output) ?? { name: "", error: "" };
    return (
        /^(pushing|exporting) /.test(name) &&
        /unexpected (HTTP )?status[^\n]*\b5\d\d\b|connection reset|unexpected EOF|i\/o timeout/i.test(error)
    );
}

/** Says what to do when there is no `docker` to run. */
export function explainMissingDocker(): string {
    return "there is no docker command: install Docker, or put its command line in PATH";
}

function explainPush({ error }: FailedStep, repository: string): string {
    const registry = registryOf(repository);
    if (
        /denied|unauthorized|forbidden|no basic auth credentials|authentication required|authorization failed/i.test(
            error,
        )
    ) {
        return `the push to ${repository} was denied: \`docker login ${registry}\` as someone who may write there`;
    }
    return `the registry ${registry} did not take the image: ${brief(error)}`;
}

function explainInstruction({ name, log, error }: FailedStep): string {
    const host = HOST_CAUSES.find(([pattern]) => log.some((line) => pattern.test(line)));
    if (host !== undefined) return host[1];
    const errors = log.flatMap((line) => /^ERROR: (.*)/.exec(line)?.[1] ?? []);
    const last = log.findLast((line) => line.trim() !== "") ?? "";
    if (name.includes("./prepare_docker_image.sh"))
        return `prepare_docker_image.sh failed: ${brief(`${last} (${exitCode(error)})`)}`;
    // pip names the package in one of its lines; the others are about what led to it.
    const named = errors.find((line) =>
        /^(No matching|Cannot install|Failed|Invalid|Package|Could not build)/.test(line),
    );
    const dependency = named ?? errors.at(-1);
    if (dependency !== undefined) return `a dependency failed: ${brief(dependency)}`;
    return `the step ${brief(name)} failed: ${brief(last || error)}`;
}

function exitCode(error: string): string {
    return /exit code: \d+/.exec(error)?.[0] ?? error;
}

function lastWord(output: readonly string[]): string {
    const last = output.findLast((line) => line.startsWith("ERROR: ")) ?? output.at(-1) ?? "docker said nothing";
    return brief(last.replace(/^(ERROR: |failed to build: |failed to solve: )+/, ""));
}

function brief(text: string): string {
    const line = text.replaceAll(/\s+/g, " ").trim();
    return line.length <= 300 ? line : `${line.slice(0, 300)} …`;
}

/** The step of a build that failed, as BuildKit's plain progress tells it. */
interface FailedStep {
    /** Its instruction or its work: `[dependencies 3/4] RUN pip install …`, `pushing ghcr.io/lab/recall:1a2b with docker`. */
    readonly name: string;
    /** What it printed, without BuildKit's numbers and times. */
    readonly log: readonly string[];
    /** BuildKit's own word on it: `process "…" did not complete successfully: exit code: 1`. */
    readonly error: string;
}

/** Finds the step that failed in the lines of a build's output; none where no step was begun. */
function findFailedStep(output: readonly string[]): FailedStep | undefined {
    const last = output.findLast((line) => /^#\d+ ERROR: /.test(line));
    const [, number, error] = /^#(\d+) ERROR: (.*)$/.exec(last ?? "") ?? [];
    if (number === undefined || error === undefined) return undefined;
    const own = output.filter((line) => line.startsWith(`#${number} `) && line !== last);
    // After the error the step is named once more; its first line may be too far back to be remembered.
    const named = output.findLast((line) => line.startsWith(" > ")) ?? "";
    return { name: named.slice(" > ".length).replace(/:$/, ""), log: own.map(withoutPrefix), error };
}

/** Removes the step's number and the seconds: `#12 3.456 `. */
function withoutPrefix(line: string): string {
    return line.replace(/^#\d+ (?:\d+\.\d+ )?/, "");
}
