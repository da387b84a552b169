import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { GeneratedSecrets } from "../../app/appEnvironment.ts";
import type { ExperimentSecrets } from "../../configuration/experiment/backupRepository.ts";
import type { BuildOutput } from "../../image/build/imageName.ts";
import type { RegistryLogin } from "../../image/registryLogin.ts";
import { asRoot, asRootWhereFolder } from "../../remote/commandLine.ts";
import { connectionTo } from "../../remote/connection.ts";
import { firstContactCommand } from "../../remote/firstContact.ts";
import { renderPayload } from "../../remote/payload.ts";
import type { AllowedTimes } from "./allowedTimes.ts";
import { appNames } from "./appNames.ts";
import { claimScript, databaseFiles, releaseFiles, scheduleFiles, siteFiles } from "./appPayloads.ts";
import { type AppSpec, hostnameOf } from "./appSpec.ts";
import { type AppVerb, appDoor } from "./doors.ts";
import type { NamesRequest } from "./hostNames/namesRequest.ts";

/** What an app's commands are made from. */
export interface AppCommandsArgs {
    readonly spec: pulumi.Output<AppSpec>;
    readonly secrets: pulumi.Output<Record<string, string>>;
    readonly registryLogin: pulumi.Input<RegistryLogin | undefined>;
    readonly generated: pulumi.Output<GeneratedSecrets>;
    readonly privateKey: pulumi.Input<string | undefined>;
    /** Options of resources, and no inputs: another time changes nothing. */
    readonly times: AllowedTimes;
}

/**
 * The commands of an app, five of them and one more where it is saved by a schedule or in a repository, each one ssh connection: what the server can be in the state of, not what is typed there.
 *
 * A command's `create` and `update` are the same and do nothing on the server when their payload is the one applied, because a
 * changed connection makes every update run.
 */
export class AppCommands {
    private readonly name: string;
    private readonly parent: pulumi.ComponentResource;
    private readonly args: AppCommandsArgs;
    private readonly connection: pulumi.Output<ReturnType<typeof connectionTo>>;

    constructor(name: string, parent: pulumi.ComponentResource, args: AppCommandsArgs) {
        this.name = name;
        this.parent = parent;
        this.args = args;
        this.connection = pulumi
            .all([args.spec, args.privateKey])
            .apply(([{ server }, key]) => connectionTo(server, key));
    }

    /**
     * Takes the name on the server and puts the scripts there, once the host names lead there, if there are some to look up. Its delete
     * removes all of the app, however far it came.
     */
    claim(
        dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
        names: pulumi.Output<NamesRequest | undefined>,
    ): remote.Command {
        const { spec } = this.args;
        const { parent } = this;
        const owner = new random.RandomUuid(`${this.name}-owner`, {}, { parent }).result;
        const stdin = pulumi.all([spec, owner, names]).apply(([known, id, request]) => claimScript(known, id, request));
        const rest = { stdin, update: firstContactCommand("update"), delete: this.remove("all", true) };
        return this.command("claim", firstContactCommand("create"), rest, dependsOn === undefined ? {} : { dependsOn });
    }

    database(after: pulumi.Resource): remote.Command {
        const stdin = pulumi
            .all([this.args.spec, this.args.generated])
            .apply(([spec, { databasePassword }]) => renderPayload(databaseFiles(spec, databasePassword)));
        // It saves what there is, as well: a release that has failed at its first time is in no state.
        const rest = { stdin: pulumi.secret(stdin), delete: this.remove("database", true) };
        return this.command("database", this.enter("database"), rest, { dependsOn: after });
    }

    /** The image has to be one that the server has, or a registry. */
    release(after: pulumi.Resource, image: pulumi.Output<BuildOutput>): remote.Command {
        const { spec, secrets, generated, registryLogin } = this.args;
        const stdin = pulumi
            .all([spec, image, secrets, generated, registryLogin])
            .apply(([known, built, settings, made, login]) =>
                renderPayload(releaseFiles(known, built, { settings, generated: made, registryLogin: login })),
            );
        const rest = { stdin: pulumi.secret(stdin), delete: this.remove("release", true) };
        return this.command("release", this.enter("release"), rest, { dependsOn: after });
    }

    /** Nothing of the release or its containers is in it: another schedule restarts nothing. */
    schedule(after: pulumi.Resource, secrets: pulumi.Input<ExperimentSecrets>): remote.Command {
        const stdin = pulumi
            .all([this.args.spec, secrets])
            .apply(([spec, open]) => renderPayload(scheduleFiles(spec, open)));
        const rest = { stdin: pulumi.secret(stdin), delete: this.remove("schedule", false) };
        return this.command("schedule", this.enter("schedule"), rest, { dependsOn: after });
    }

    site(after: pulumi.Resource): remote.Command {
        const stdin = this.args.spec.apply((spec) => renderPayload(siteFiles(spec)));
        const rest = { stdin, delete: this.remove("site", false) };
        return this.command("site", this.enter("site"), rest, { dependsOn: after });
    }

    /** Nothing to delete: a launch cannot be taken back. Its standard output is Dallinger's answer. */
    launch(after: pulumi.Resource): remote.Command {
        const create = this.args.spec.apply((spec) =>
            asRoot(spec.server.user, appDoor(spec.app), "launch", "apply", hostnameOf(spec)),
        );
        return this.command("launch", create, {}, { dependsOn: after });
    }

    private command(
        noun: string,
        create: pulumi.Input<string>,
        rest: Omit<remote.CommandArgs, "connection" | "create">,
        opts: pulumi.CustomResourceOptions,
    ): remote.Command {
        const { connection, parent } = this;
        const customTimeouts = { ...this.args.times };
        return new remote.Command(
            `${this.name}-${noun}`,
            // stderr is progress; addPreviousOutputInEnv would need AcceptEnv in the server's sshd.
            { connection, create, ...rest, logging: "stderr", addPreviousOutputInEnv: false },
            { parent, customTimeouts, ...opts },
        );
    }

    private enter(verb: AppVerb): pulumi.Output<string> {
        return this.args.spec.apply(({ app, server }) => asRoot(server.user, appDoor(app), verb));
    }

    private remove(part: string, drains: boolean): pulumi.Output<string> {
        return this.args.spec.apply(({ app, server, workersTimeout }) =>
            asRootWhereFolder(
                server.user,
                appNames(app).folder,
                "bin/app",
                "remove",
                part,
                ...(drains ? [workersTimeout] : []),
            ),
        );
    }
}
