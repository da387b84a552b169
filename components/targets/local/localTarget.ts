import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { LocalConfiguration } from "../../configuration/experiment/localExperiment.ts";
import type { Target } from "../target.ts";
import { LocalApp } from "./localApp.ts";

/** The machine of who works on an experiment. */
export interface LocalTargetArgs {
    /** Address of its Docker engine. */
    readonly engine: string;
    /** Whether that runs as who deploys, without root. */
    readonly rootless: boolean;
    readonly local: LocalConfiguration;
}

/** That machine as the place where an experiment runs. */
export function localTarget({ engine, rootless, local }: LocalTargetArgs): Target {
    return {
        deliveries: ["local"],
        // The engine pulls what it does not have; what a tag means is its own to say.
        lookUp: (_experiment, reference) => ({
            reference: pulumi.output(reference),
            lookup: pulumi.output(""),
        }),
        deploy: (
            experiment,
            { environment, secretEnvironment, workers, clock },
            { after, image = pulumi.output(""), loaded = pulumi.output(""), contentHash },
        ) => {
            const { name, limits, image: configured } = experiment;
            const { memory, cpus } = limits;
            const { path: folder = "." } = experiment;
            return new LocalApp(
                "experiment",
                {
                    ...{ app: name, engine, rootless, contentHash, workers, clock, local },
                    ...{ image, loaded },
                    ...("repository" in configured && {
                        repository: configured.repository,
                        watch: {
                            experiment: folder,
                            ...(configured.dallinger !== undefined && { dallinger: configured.dallinger }),
                        },
                    }),
                    settings: { ...environment },
                    secretSettings: secretEnvironment.apply((secrets) => ({ ...secrets })),
                    fingerprintKey: new random.RandomPassword("fingerprint-key", { length: 32, special: false }).result,
                    limits: { ...(memory !== undefined && { memory }), ...(cpus !== undefined && { cpus }) },
                },
                { dependsOn: [...after] },
            );
        },
    };
}
