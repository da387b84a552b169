import { isBackupName } from "../../components/configuration/experiment/experimentShape.ts";
import { readMemory } from "../listedApp.ts";
import { Refusal } from "../refusal.ts";
import { factsIn, readServerApps } from "../serverApps.ts";
import type { AppBackup, AppContainer, AppStatus, Disk, HostCertificate } from "./appStatus.ts";
import { type Certificate, readCertificate } from "./certificates.ts";
import { readCounts, readSummary } from "./participants.ts";

/**
 * Reads what an app's verb `status` prints (templates/app/verbs/status.sh).
 *
 * @throws {Refusal} when it ends too early.
 */
export function readServerStatus(text: string): AppStatus {
    const [app] = readServerApps(text);
    const facts = factsIn(text);
    const all = (key: string) => facts.filter(([found]) => found === key).map(([, value]) => value);
    if (app === undefined || facts.at(-1)?.[0] !== "whole")
        throw new Refusal("the server has not told all of the app: try again");
    const memory = new Map(
        all("memory").map((line) => [line.split(" ", 1)[0] ?? "", readMemory(line.slice(line.indexOf(" ") + 1))]),
    );
    const services = new Map(all("container").map((line) => [line.split(" ")[1] ?? "", line.split(" ")[0] ?? ""]));
    return {
        ...app,
        launchBegun: timeIn(all("begun")[0]),
        containers: all("inspected").map((line) => containerIn(line, services, memory)),
        participants: participantsIn(all("summary")[0], all("counted")),
        certificates: certificatesIn(app.hosts, all("certificate")),
        disks: all("disk").map(diskIn),
        backups: all("backup")
            .flatMap(backupIn)
            .toSorted((a, b) => (a.name < b.name ? 1 : -1)),
        differences: all("differs"),
    };
}

function timeIn(text: string | undefined): string | undefined {
    return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? text : undefined;
}

/** `NAME STATE HEALTH STARTED RESTARTS` */
function containerIn(
    line: string,
    services: ReadonlyMap<string, string>,
    memory: ReadonlyMap<string, number>,
): AppContainer {
    const [name = "", state = "", health = "", started = "", restarts = ""] = line.split(" ");
    const service = services.get(name) ?? "";
    return {
        name,
        service,
        state,
        health,
        since: toSeconds(started),
        restarts: Number(restarts),
        memory: memory.get(name),
    };
}

/** Docker's times have nanoseconds. */
function toSeconds(time: string): string {
    return time.replace(/\.\d+Z$/, "Z");
}

/** The web's word, where it is one; else the table's. */
function participantsIn(said: string | undefined, counted: readonly string[]): AppStatus["participants"] {
    return (said === undefined ? readCounts(counted) : readSummary(said)) ?? "unknown";
}

/** Of several that authorities have issued one after the other, Caddy serves the one that was issued last. */
function certificatesIn(hosts: readonly string[], lines: readonly string[]): HostCertificate[] {
    const found = lines.flatMap((line) => {
        const [host = "", kind = "", pem = ""] = line.split(" ");
        if (kind !== "renewed" && kind !== "brought") return [];
        const certificate = readCertificate(Buffer.from(pem, "base64").toString(), kind);
        return certificate === undefined ? [] : [{ host, certificate }];
    });
    return hosts.map((host) => {
        const own = found.filter((each) => each.host === host).map(({ certificate }) => certificate);
        return { host, certificate: own.toSorted(byTime).at(-1) };
    });
}

function byTime(a: Certificate, b: Certificate): number {
    return Date.parse(a.from) - Date.parse(b.from);
}

/** `SIZE FREE PLACE` */
function diskIn(line: string): Disk {
    const [size = "", free = "", ...place] = line.split(" ");
    return { mountedOn: place.join(" "), size: Number(size), free: Number(free) };
}

/** `NAME BYTES fetched|here [off-server]` */
function backupIn(line: string): AppBackup[] {
    const [name = "", size = "", copy = "", away = ""] = line.split(" ");
    if (!isBackupName(name)) return [];
    const copies = { fetched: copy === "fetched", offServer: away === "off-server" };
    return [{ name, size: /^\d+$/.test(size) ? Number(size) : undefined, ...copies }];
}
