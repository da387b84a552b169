import "./components/program/plainStackTraces.ts";
import { output } from "@pulumi/pulumi";
import { buildImage } from "./components/program/chooseImage.ts";
import { deployExperiment } from "./components/program/deployExperiment.ts";
import { prepareServer } from "./components/program/prepareServer.ts";
import { readConfiguration } from "./components/program/readConfiguration.ts";
import { serverOfStack } from "./components/program/serverOfStack.ts";
import { definedOutputs } from "./components/program/stackOutputs.ts";
import { serverTarget } from "./components/targets/server/serverTarget.ts";

const { server: block, serverSecrets, experiment, settings } = await readConfiguration();

const elsewhere = experiment?.on && (await serverOfStack(experiment.on.stack));
const platform = block?.platform ?? elsewhere?.platform;
const built = experiment && platform ? buildImage(experiment, platform) : undefined;
// An image that cannot be built is known before the server is contacted.
const prepared = block && prepareServer(block, serverSecrets, { dependsOn: built ?? [] });
const server = prepared?.server ?? (elsewhere && output(elsewhere));
const target = server && serverTarget({ server, prepared, serverSecrets });
const deployed =
    experiment && settings && target ? deployExperiment({ experiment, settings, built, target }) : undefined;

export default definedOutputs({
    server: prepared?.server,
    url: deployed?.app.url,
    dashboardUrl: deployed?.dashboardUrl,
    dashboardUser: deployed?.app.dashboardUser,
    dashboardPassword: deployed?.app.dashboardPassword,
    release: deployed?.app.release,
    recruitment: deployed?.app.recruitment,
    image: deployed?.app.image,
    logs: deployed?.app.logs,
});
