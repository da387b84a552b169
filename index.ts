import "./components/program/plainStackTraces.ts";
import { buildImage } from "./components/program/chooseImage.ts";
import { choosePlace } from "./components/program/choosePlace.ts";
import { deployExperiment } from "./components/program/deployExperiment.ts";
import { failWhenCutOff } from "./components/program/failWhenCutOff.ts";
import { readConfiguration } from "./components/program/readConfiguration.ts";
import { definedOutputs } from "./components/program/stackOutputs.ts";

failWhenCutOff();
const configuration = await readConfiguration();
const { experiment, settings } = configuration;

const place = await choosePlace(configuration);
const built = experiment && buildImage(experiment, place.platform);
const { server, target } = place.prepare(built === undefined ? [] : [built]);
const deployed = experiment && settings ? deployExperiment({ experiment, settings, built, target }) : undefined;

export default definedOutputs({
    server,
    url: deployed?.app.url,
    dashboardUrl: deployed?.dashboardUrl,
    dashboardUser: deployed?.app.dashboardUser,
    dashboardPassword: deployed?.app.dashboardPassword,
    composeFile: deployed?.app.composeFile,
    release: deployed?.app.release,
    recruitment: deployed?.app.recruitment,
    image: deployed?.app.image,
    logs: deployed?.app.logs,
});
