import { appServices, renderAppCompose } from "../../app/appCompose.ts";
import {
    type GeneratedSecrets,
    renderEnvironment,
    renderSecretList,
    renderServices,
} from "../../app/appEnvironment.ts";
import type { ExperimentSecrets } from "../../configuration/experiment/backupRepository.ts";
import type { ScheduledBackups } from "../../configuration/experiment/scheduledBackups.ts";
import { pinnedLines } from "../../configuration/server/resolvedImages.ts";
import { issuesItself } from "../../configuration/server/serverOutput.ts";
import type { BuildOutput } from "../../image/build/imageName.ts";
import { type RegistryLogin, renderRegistryLogin } from "../../image/registryLogin.ts";
import { renderFirstContact } from "../../remote/firstContact.ts";
import type { PayloadFile } from "../../remote/payload.ts";
import { type AppSpec, composeOf, connectionsOf, hostnameOf } from "./appSpec.ts";
import { backupUnits, renderKept } from "./backupUnits.ts";
import { renderCaddySite } from "./caddySite.ts";
import { doorFiles } from "./doors.ts";
import { type NamesRequest, namesFile } from "./hostNames/namesRequest.ts";
import { renderReleaseRecord } from "./releaseRecord.ts";
import { repositoryFiles } from "./repositoryFiles.ts";

/**
 * What `sh -s` reads to claim an app's name for a stack: the scripts, the server they are meant for, the owner, the backup without
 * which the app is not to begin, the user as whom docker builds on the server, and the host names that have to lead there.
 */
export function claimScript(spec: AppSpec, owner: string, names: NamesRequest | undefined): string {
    const { app, server, archive, backups, repository, builtByServer } = spec;
    const files = [
        ...doorFiles("app"),
        ...archiveFile(archive),
        ...(repository === undefined ? [] : [{ path: "repository-there", content: "" }]),
        ...(backups === undefined ? [] : [{ path: "calendar", content: backups.schedule }]),
        { path: "name", content: app },
        { path: "server", content: server.id },
        { path: "platform", content: server.platform },
        { path: "owner", content: owner },
        ...(builtByServer ? [{ path: "docker-user", content: `${server.user}\n` }] : []),
        ...(names === undefined ? [] : namesFile(names)),
    ];
    return renderFirstContact({ script: "bin/claim.sh", files });
}

/** Payload of an app's verb `database`. */
export function databaseFiles(spec: AppSpec, password: string): PayloadFile[] {
    return [
        ...mendedFile(spec.mended),
        ...archiveFile(spec.archive),
        { path: "password", content: password },
        { path: "connections", content: String(connectionsOf(spec)) },
    ];
}

/** What of a release is secret. */
export interface ReleaseSecrets {
    readonly settings: Readonly<Record<string, string>>;
    readonly generated: GeneratedSecrets;
    /** Who pulls the image; not there when nobody has to log in. */
    readonly registryLogin?: RegistryLogin | undefined;
}

/** Payload of an app's verb `release` (templates/app/verbs/release.sh). */
export function releaseFiles(spec: AppSpec, image: BuildOutput, secrets: ReleaseSecrets): PayloadFile[] {
    const { app, settings } = spec;
    const compose = composeOf(spec, image.reference);
    const { settings: secretSettings, generated, registryLogin } = secrets;
    const services = appServices(compose);
    const environment = {
        ...{ app, place: compose.place, hostname: hostnameOf(spec), connections: connectionsOf(spec) },
        ...{ settings, secretSettings, generated, services },
    };
    return [
        ...mendedFile(spec.mended),
        { path: "compose.yaml", content: renderAppCompose(compose) },
        { path: "environment.yaml", content: renderEnvironment(environment) },
        { path: "secrets", content: renderSecretList(environment) },
        { path: "services", content: renderServices(environment) },
        { path: "image", content: image.reference },
        ...pinnedFile(spec.server),
        { path: "record.json", content: renderReleaseRecord(spec, image, secretSettings) },
        { path: "keep", content: String(spec.retainedReleases) },
        { path: "workers-timeout", content: String(spec.workersTimeout) },
        { path: "healthy-within", content: String(spec.healthyWithin) },
        { path: "quiet-within", content: String(spec.quietWithin) },
        { path: "free-space", content: String(spec.freeSpace) },
        ...(spec.lookup === "" ? [] : [{ path: "looked-up", content: spec.lookup }]),
        ...loginFile(image.reference, registryLogin),
    ];
}

/** What the images of Redis and pgbouncer mean; nothing where the server's stack does not say. */
function pinnedFile({ images, pinned }: AppSpec["server"]): PayloadFile[] {
    const content = pinnedLines(images, pinned ?? {});
    return content === "" ? [] : [{ path: "pinned", content }];
}

/** Docker's configuration for the pull. */
function loginFile(image: string, login: RegistryLogin | undefined): PayloadFile[] {
    return login === undefined ? [] : [{ path: "login/config.json", content: renderRegistryLogin(image, login) }];
}

/** Makes another payload of one that says the same, so that it counts as one that was never applied. */
function mendedFile(mended: string): PayloadFile[] {
    return mended === "" ? [] : [{ path: "mended", content: mended }];
}

/** Name of the backup that the app begins with. */
function archiveFile(archive: string): PayloadFile[] {
    return archive === "" ? [] : [{ path: "archive", content: archive }];
}

/** Payload of an app's verb `schedule` (templates/app/verbs/schedule.sh). */
export function scheduleFiles(
    { app, mended, backups, repository }: AppSpec,
    secrets: ExperimentSecrets,
): PayloadFile[] {
    return [
        ...mendedFile(mended),
        ...(backups === undefined ? [] : calendarFiles(app, backups)),
        ...(repository === undefined ? [] : repositoryFiles(repository, secrets)),
    ];
}

function calendarFiles(app: string, { schedule, keep }: ScheduledBackups): PayloadFile[] {
    const units = Object.entries(backupUnits(app, schedule));
    return [
        { path: "calendar", content: schedule },
        { path: "keep", content: renderKept(keep) },
        ...units.map(([name, content]) => ({ path: `units/${name}`, content })),
    ];
}

/** Payload of an app's verb `site`. A server with a CA of its own has each certificate at once; public ones can take minutes. */
export function siteFiles({ app, hostnames, requestBody, server, mended }: AppSpec): PayloadFile[] {
    const internal = issuesItself(server);
    const authorities = internal || server.caCertificate === "" ? [] : [server.caCertificate];
    return [
        ...mendedFile(mended),
        { path: "site.caddy", content: renderCaddySite({ app, hostnames, requestBody }) },
        { path: "urls", content: hostnames.map((hostname) => `https://${hostname}\n`).join("") },
        { path: "patience", content: internal ? "60" : "300" },
        ...(internal ? [{ path: "internal", content: "" }] : []),
        ...authorities.map((content) => ({ path: "authorities.pem", content })),
    ];
}
