/** The components for programs of one's own, and what goes into them. What is not here may change without notice. */

export type { AppLimits } from "./app/appCompose.ts";
export { appHostnames, type ServerNames } from "./configuration/checking/hostNames.ts";
export type { Platform } from "./configuration/checking/platform.ts";
export { SERVICE_IMAGES } from "./configuration/checking/serviceImages.ts";
export type { Delivery } from "./configuration/image/imageShape.ts";
export type { ServerImages, ServerTls } from "./configuration/server/serverConfiguration.ts";
export type { ServerOutput } from "./configuration/server/serverOutput.ts";

export type { BuildRequest } from "./image/build/dockerBuild.ts";
export { plannedImage } from "./image/build/imageName.ts";
export { ExperimentImage, type ExperimentImageArgs } from "./image/experimentImage.ts";
export type { RegistryLogin } from "./image/registryLogin.ts";
export { failWhenCutOff } from "./program/failWhenCutOff.ts";
export { serverOfStack } from "./program/serverOfStack.ts";
export { LocalApp, type LocalAppArgs } from "./targets/local/localApp.ts";
export { ExperimentApp, type ExperimentAppArgs } from "./targets/server/experimentApp.ts";
export { ReferencedImage, type ReferencedImageArgs } from "./targets/server/referencedImage.ts";
export { Server, type ServerArgs } from "./targets/server/server.ts";
