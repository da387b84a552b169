import { formatSize } from "../../components/image/files/sizeLimit.ts";
import { formatDuration } from "../duration.ts";
import type { AppStatus, HostCertificate } from "./appStatus.ts";
import { renewalDue } from "./certificates.ts";

/** By what an app's status is judged. */
export interface Judgement {
    readonly now: Date;
    /** Bytes that have to be free on each disk: without them its server takes no image (`experiment.limits.freeSpace`). */
    readonly freeSpace: number;
}

/** What of an app is not as it should be, a sentence each; none where all is well. */
export function problemsOf(status: AppStatus, { now, freeSpace }: Judgement): string[] {
    const { state, participants, certificates = [], disks = [], differences = [] } = status;
    return [
        ...(state === "running" ? [] : [`state: it is ${state}`]),
        ...launchProblems(status),
        ...(state === "running" && participants === "unknown"
            ? ["participants: it does not say how many there are"]
            : []),
        ...certificates.flatMap((certificate) => certificateProblems(certificate, now)),
        ...disks
            .filter(({ free }) => free < freeSpace)
            .map(
                ({ mountedOn, free }) =>
                    `disk: ${formatSize(free)} are free on ${mountedOn}, and ${formatSize(freeSpace)} should be`,
            ),
        ...differences,
    ];
}

function launchProblems({ launched }: AppStatus): string[] {
    if (launched === "unknown") return ["launch: its answer was lost, and nobody knows whether it is launched"];
    return launched === false ? ["launch: it is not launched yet, which the next `./pulumi up` does"] : [];
}

function certificateProblems({ host, certificate }: HostCertificate, now: Date): string[] {
    if (certificate === undefined) return [`certificate: none of ${host} was found`];
    const left = Date.parse(certificate.until) - now.getTime();
    if (left <= 0) return [`certificate: that of ${host} has ended at ${certificate.until}`];
    if (left > renewalDue(certificate)) return [];
    const cure = certificate.kind === "brought" ? "bring another one" : "Caddy should have renewed it";
    return [`certificate: that of ${host} ends in ${formatDuration(left / 1000)}: ${cure}`];
}
