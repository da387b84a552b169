import { formatSize } from "../../components/image/files/sizeLimit.ts";
import { formatDuration } from "../duration.ts";
import { type Columns, renderTable } from "../table.ts";
import { withoutControls } from "../withoutControls.ts";
import type { AppBackup, AppContainer, AppStatus, Disk, HostCertificate } from "./appStatus.ts";

/** Tells people how an app is, in lines: a sentence for each thing, a table for each kind of which there are several. */
export function renderStatus(status: AppStatus, problems: readonly string[], now: Date): string[] {
    const sentences = {
        [status.name]: status.atWork ? `${status.state}, and a command is at work on it` : status.state,
        address: status.hosts
            .map((host) => (host.startsWith("localhost") ? `http://${host}` : `https://${host}`))
            .join(" "),
        release: releaseOf(status),
        launch: launchOf(status),
        participants: `${participantsOf(status)}; ${answerOf(status)}`,
        backups: status.backups === undefined ? "" : backupsOf(status.backups, now),
    };
    const told = Object.entries(sentences).filter(([, text]) => text !== "");
    const width = Math.max(...told.map(([subject]) => subject.length));
    return [
        ...told.map(([subject, text]) => `${subject.padEnd(width)}  ${withoutControls(text)}`),
        ...section(status.containers, containerColumns),
        ...section(status.certificates ?? [], certificateColumns(now)),
        ...section(status.disks ?? [], diskColumns),
        "",
        ...(problems.length === 0
            ? ["all is as it should be"]
            : ["not as it should be:", ...problems.map(withoutControls)]),
    ];
}

function section<T>(rows: readonly T[], columns: Columns<T>): string[] {
    return rows.length === 0 ? [] : ["", ...renderTable(rows, columns)];
}

function releaseOf({ release }: AppStatus): string {
    if (release === undefined) return "";
    const digest = /@(.{19})/.exec(release.image)?.[1] ?? release.image;
    return `${release.release} (${digest}), since ${release.applied}, by ${release.by}`;
}

function launchOf({ launched, launchBegun }: AppStatus): string {
    const begun = launchBegun === undefined ? "" : `, begun ${launchBegun}`;
    if (launched === "unknown") return `nobody knows whether it is launched${begun}`;
    return launched ? `launched${begun}` : "not launched yet";
}

function participantsOf({ participants }: AppStatus): string {
    if (participants === "unknown") return "nobody could tell how many";
    const states = Object.entries(participants).map(([state, number]) => `${number} ${state}`);
    return states.length === 0 ? "none" : states.join(", ");
}

function answerOf({ lastAnswer }: AppStatus): string {
    if (lastAnswer === undefined) return "when one has last answered is not known";
    return lastAnswer === null ? "none has answered yet" : `the last answer was at ${lastAnswer}`;
}

function backupsOf(backups: readonly AppBackup[], now: Date): string {
    const [latest] = backups;
    if (latest === undefined) return "none";
    const size = latest.size === undefined ? "" : `, ${formatSize(latest.size)}`;
    const missing = backups.filter(({ fetched, offServer }) => !fetched && !offServer).length;
    const told = `${backups.length}, the latest ${latest.name} (${ageOf(latest, now)} old${size}); ${missing} only on the server`;
    const sent = backups.filter(({ offServer }) => offServer);
    const [latestSent] = sent;
    return latestSent === undefined
        ? told
        : `${told}; ${sent.length} in the repository, the latest ${ageOf(latestSent, now)} old`;
}

function ageOf(backup: AppBackup, now: Date): string {
    return formatDuration(Math.max(0, (now.getTime() - madeAt(backup)) / 1000));
}

/** `20260102T030405Z` */
function madeAt({ name }: AppBackup): number {
    return Date.parse(name.replace(/^(....)(..)(..)T(..)(..)(..)Z.*$/, "$1-$2-$3T$4:$5:$6Z"));
}

const containerColumns: Columns<AppContainer> = {
    CONTAINER: ({ name }) => name,
    STATE: ({ state, health }) => (health === "none" || state !== "running" ? state : `${state}, ${health}`),
    SINCE: ({ since }) => since,
    RESTARTS: ({ restarts }) => String(restarts),
    MEMORY: ({ memory }) => (memory === undefined ? "" : formatSize(memory)),
};

function certificateColumns(now: Date): Columns<HostCertificate> {
    return {
        CERTIFICATE: ({ host }) => host,
        ISSUER: ({ certificate }) => certificate?.issuer ?? "not found",
        "LAST DAY": ({ certificate }) => certificate?.until.slice(0, 10) ?? "",
        LEFT: ({ certificate }) =>
            certificate === undefined ? "" : leftOf(Date.parse(certificate.until) - now.getTime()),
    };
}

function leftOf(milliseconds: number): string {
    return milliseconds <= 0 ? "none" : formatDuration(milliseconds / 1000);
}

const diskColumns: Columns<Disk> = {
    DISK: ({ mountedOn }) => mountedOn,
    FREE: ({ free }) => formatSize(free),
    OF: ({ size }) => formatSize(size),
};
