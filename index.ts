import "./components/program/plainStackTraces.ts";
import { chooseImage } from "./components/program/chooseImage.ts";
import { deployExperiment } from "./components/program/deployExperiment.ts";
import { prepareServer } from "./components/program/prepareServer.ts";
import { readConfiguration } from "./components/program/readConfiguration.ts";
import { serverOfStack } from "./components/program/serverOfStack.ts";
import { definedOutputs } from "./components/program/stackOutputs.ts";

const { server: block, serverSecrets, experiment, settings } = await readConfiguration();

const chosen = experiment && chooseImage(experiment);
// An image that cannot be built is known before the server is contacted.
const prepared = block && prepareServer(block, serverSecrets, { dependsOn: chosen?.built ?? [] });
const target = prepared?.server ?? (experiment?.on && serverOfStack(experiment.on.stack));
const deployed =
    experiment && settings && chosen && target
        ? deployExperiment({ experiment, settings, serverSecrets, chosen, target, prepared })
        : undefined;

export default definedOutputs({
    server: prepared?.server,
    url: deployed?.app.url,
    dashboardUrl: deployed?.dashboardUrl,
    dashboardUser: deployed?.app.dashboardUser,
    dashboardPassword: deployed?.app.dashboardPassword,
    release: deployed?.app.release,
    recruitment: deployed?.app.recruitment,
    image: chosen?.image,
    logs: deployed?.app.logs,
});
